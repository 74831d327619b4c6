using System.Collections.Immutable;
using System.CommandLine;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Grains.Jobs;

namespace OrleansEdge.Silo.Commands;

/// <summary><c>jobs</c>: training runs.</summary>
internal static class JobCommands
{
    /// <summary>How often a watched job is asked how it stands.</summary>
    private static readonly TimeSpan WatchPeriod = TimeSpan.FromSeconds(0.5);

    /// <summary>The noun with all its verbs.</summary>
    public static Command Create()
    {
        var jobs = Commands.Create("jobs", "Submit, follow and steer training runs of a running site",
            "jobs submit infra/jobs/digits.yaml", "jobs watch digits", "jobs list --site http://192.168.0.7:7400 --json");
        CommandContext.AddOptions(jobs);
        jobs.Subcommands.Add(Submit());
        jobs.Subcommands.Add(List());
        jobs.Subcommands.Add(Show());
        jobs.Subcommands.Add(Watch());
        jobs.Subcommands.Add(Steer("pause", "Open no further round until resumed; the current round goes on to its end"));
        jobs.Subcommands.Add(Steer("resume", "Go on with a paused job"));
        jobs.Subcommands.Add(Steer("stop", "End a job for good; versions that it has published stay"));
        return jobs;
    }

    private static Command Submit()
    {
        var file = new Argument<string>("FILE") { Description = "The job file (YAML); infra/jobs/ holds annotated examples" };
        var submit = Commands.Create("submit",
            "Begin a training run. The file is checked first, all faults at once. Where it names a TorchScript file, by a path relative to " +
            "itself, that is uploaded. The same file again is the same job, so a submission of unknown outcome is simply repeated.",
            "jobs submit infra/jobs/digits.yaml", "jobs submit lenet.yaml --json");
        submit.Arguments.Add(file);
        CommandContext.SetAction(submit, async (context, parse, cancellation) =>
        {
            var submission = JobSubmissionFile.Read(parse.GetRequiredValue(file));
            var status = await submission.Submit(context, cancellation);
            var definition = submission.Definition;
            context.Terminal.Result(status, terminal =>
            {
                terminal.Line($"Job '{status.Job}' is submitted: {Phrases.Count(status.Rounds, "round")} of {definition.Strategy.Name} " +
                    $"on data '{definition.Data}', published as model '{definition.Model}'.");
                terminal.Line(status.Waiting is { } waiting ? $"It waits: {waiting}." : $"It is {Phrases.Of(status)}.");
                terminal.Line($"'jobs watch {status.Job}' shows how it goes.");
            });
        });
        return submit;
    }

    private static Command List()
    {
        var list = Commands.Create("list", "List all jobs, with phase, rounds and the last measurement", "jobs list", "jobs list --json");
        CommandContext.SetAction(list, async (context, _, cancellation) =>
        {
            var jobs = await context.Site.ListJobs(cancellation);
            context.Terminal.Result(jobs, terminal =>
            {
                if (jobs.IsEmpty)
                {
                    terminal.Line("There are no jobs: 'jobs submit FILE' begins one.");
                    return;
                }

                var now = context.Time.GetUtcNow();
                terminal.Table(
                    ["JOB", "PHASE", "ROUNDS", "VERSION", "MEASURED", "SUBMITTED"],
                    jobs.Select(job => new[]
                    {
                        job.Job.Value, Phrases.Of(job), Phrases.Rounds(job), job.Version?.ToString() ?? Phrases.Nothing,
                        Phrases.Of(job.Evaluation), Phrases.Ago(job.CreatedAt, now),
                    }));
            });
        });
        return list;
    }

    private static Command Show()
    {
        var id = IdArgument();
        var file = new Option<bool>("--file") { Description = "Print the job file instead, with every default spelled out" };
        var show = Commands.Create("show", "Show a job, its rounds, and what the sites below do for it", "jobs show digits", "jobs show digits --file > copy.yaml", "jobs show digits --json");
        show.Arguments.Add(id);
        show.Options.Add(file);
        CommandContext.SetAction(show, async (context, parse, cancellation) =>
        {
            var job = JobId.Parse(parse.GetRequiredValue(id));
            if (parse.GetValue(file))
            {
                var text = await context.Site.GetJobFile(job, cancellation);
                context.Terminal.Result(new JobFileText(text), terminal => terminal.Line(text.TrimEnd('\n')));
                return;
            }

            var report = await JobReport.Of(context.Site, job, cancellation);
            context.Terminal.Result(report, terminal => JobPages.Show(terminal, report, context.Time.GetUtcNow()));
        });
        return show;
    }

    private static Command Watch()
    {
        var id = IdArgument();
        var watch = Commands.Create("watch",
            "Follow a job until it ends, whatever happens to the site meanwhile, with what the sites below do for it. On a terminal a live display, otherwise a line for each news; " +
            "with --json the lines go to standard error. The exit code is 0 only if the job completed.",
            "jobs watch digits", "jobs watch digits --json > result.json");
        watch.Arguments.Add(id);
        CommandContext.SetAction(watch, async (context, parse, cancellation) =>
        {
            var job = JobId.Parse(parse.GetRequiredValue(id));
            var watching = new JobWatch(context.Site, WatchPeriod, context.Time);
            var report = context.Terminal.IsInteractive
                ? await LiveWatchView.Run(context.Terminal.Console, context.Time, view => watching.Follow(job, view, cancellation))
                : await watching.Follow(job, new PlainWatchView(context.Terminal.Progress, context.Time), cancellation);
            context.Terminal.Result(report, static _ => { });
            return report.Status.Phase == JobPhase.Completed ? ExitCodes.Done : ExitCodes.Failed;
        });
        return watch;
    }

    private static Command Steer(string verb, string description)
    {
        var id = IdArgument();
        var command = Commands.Create(verb, description, $"jobs {verb} digits");
        command.Arguments.Add(id);
        CommandContext.SetAction(command, async (context, parse, cancellation) =>
        {
            var status = await context.Site.SteerJob(JobId.Parse(parse.GetRequiredValue(id)), verb, cancellation);
            context.Terminal.Result(status, terminal => terminal.Line($"Job '{status.Job}' is {Phrases.Of(status)}, {Phrases.Rounds(status)} rounds done."));
        });
        return command;
    }

    private static Argument<string> IdArgument() => new("ID") { Description = "The job's id, as 'jobs list' shows it" };

    private sealed record JobFileText(string File);
}
