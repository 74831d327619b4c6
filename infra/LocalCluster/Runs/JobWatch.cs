using OrleansEdge.Contracts.Faults.Network;
using OrleansEdge.Grains.Jobs;
using OrleansEdge.LocalCluster.Display;
using OrleansEdge.LocalCluster.Faults;
using OrleansEdge.LocalCluster.Jobs;
using OrleansEdge.LocalCluster.Sites;

namespace OrleansEdge.LocalCluster.Runs;

/// <summary>Brings a site up, submits the job and follows it to its end.</summary>
internal sealed class JobWatch(ClusterOptions options, LocalJob job, LocalSite site, WorkFolder work, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    /// <summary>How long faults of the last round may still come when the job is over.</summary>
    private static readonly TimeSpan LastFaultPatience = TimeSpan.FromSeconds(3);

    /// <summary>How long the site may try again in vain.</summary>
    private static readonly TimeSpan TroublePatience = TimeSpan.FromSeconds(30);

    private readonly TrafficMeter traffic = new();
    private long? troubledSince;
    private Task rollingRestart = Task.CompletedTask;
    private bool hasRestarted;
    private RunSnapshot snapshot = new() { Rounds = job.Definition.Rounds };

    /// <summary>Runs the job.</summary>
    /// <param name="report">What is known before; returned with the rest filled in.</param>
    /// <param name="show">Shows how it stands.</param>
    /// <param name="cancellation">Ends the watch.</param>
    /// <exception cref="ClusterException">A process ended by itself, the site refuses the job, or it cannot go on.</exception>
    public async Task<RunReport> Run(RunReport report, Action<RunSnapshot> show, CancellationToken cancellation)
    {
        Show(show, "starting the site");
        using var client = await site.StartSilos(cancellation);
        await site.StartAgents(client, cancellation);
        snapshot = snapshot with { Header = [.. Describe()] };

        // Whatever the watch is waiting for, a process that ends by itself ends the run.
        using var failure = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var following = Follow(client, report, show, failure.Token);
        if (await Task.WhenAny(following, site.Completion) != following)
        {
            await failure.CancelAsync();
            await ((Task)following).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await site.Completion;
        }

        return await following;
    }

    private async Task<RunReport> Follow(SiteClient client, RunReport report, Action<RunSnapshot> show, CancellationToken cancellation)
    {
        await WaitForDevices(client, show, cancellation);
        var began = time.GetTimestamp();
        await Submit(client, cancellation);
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            await Sample(client, cancellation);
            Show(show, Activity(snapshot.Job!));
            RequireProgress();
            BeginRollingRestart(client, cancellation);
        }
        while (!snapshot.Job!.IsOver && await timer.WaitForNextTickAsync(cancellation));

        var seconds = time.GetElapsedTime(began).TotalSeconds;
        await rollingRestart;
        await WaitForLastFaults(cancellation);
        return await Report(client, report, seconds, cancellation);
    }

    private async Task WaitForDevices(SiteClient client, Action<RunSnapshot> show, CancellationToken cancellation)
    {
        // A round opens for those who are there, so a job that came before them would not train on all data.
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            traffic.Add(await client.GetTraffic(cancellation));
            var present = await client.CountParticipants(cancellation);
            if (present >= options.Devices)
            {
                return;
            }

            Show(show, $"waiting for devices: {present} of {options.Devices} are there");
        }
        while (await timer.WaitForNextTickAsync(cancellation));
    }

    private async Task Submit(SiteClient client, CancellationToken cancellation)
    {
        // A work folder of an earlier run holds its job: an interrupted one goes on, a finished one cannot be run again.
        var id = job.Definition.Job;
        if (await client.FindJob(id, cancellation) is { IsOver: true })
        {
            throw new ClusterException($"The job {id} in {work.Path} has run to its end already: " +
                "name another folder with --work, or delete this one.");
        }

        var torchScript = job.TorchScript is null ? null : await client.UploadContent(job.TorchScript, cancellation);
        await client.Submit(job.Text, job.FileName, torchScript, cancellation);
    }

    private async Task Sample(SiteClient client, CancellationToken cancellation)
    {
        traffic.Add(await client.GetTraffic(cancellation));
        var progress = await client.GetJob(job.Definition.Job, cancellation);
        var next = snapshot.Finished.Count == 0 ? 1 : snapshot.Finished[^1].Round + 1;
        var finished = await client.GetRounds(job.Definition.Job, next, cancellation);
        snapshot = snapshot with { Job = progress, Finished = snapshot.Finished.AddRange(finished.Where(round => round.Round >= next)) };
    }

    /// <summary>A site tries for ever, for an operator who mends what is wrong meanwhile. Here nobody may be there to do it.</summary>
    private void RequireProgress()
    {
        if (snapshot.Job?.OpenRound?.Trouble is not { } trouble)
        {
            troubledSince = null;
            return;
        }

        troubledSince ??= time.GetTimestamp();
        if (time.GetElapsedTime(troubledSince.Value) > TroublePatience)
        {
            throw new ClusterException($"The site could not go on for {TroublePatience.TotalSeconds:0} seconds: {trouble}");
        }
    }

    private void BeginRollingRestart(SiteClient client, CancellationToken cancellation)
    {
        if (!hasRestarted && snapshot.Job!.Round >= options.RollingRestart)
        {
            hasRestarted = true;
            rollingRestart = site.RestartSilos(client, snapshot.Job.Round, cancellation);
        }
    }

    private async Task WaitForLastFaults(CancellationToken cancellation)
    {
        var over = time.GetTimestamp();
        using var timer = new PeriodicTimer(Interval / 5, time);
        while (site.Faults.Count < options.Faults.Faults.Count && time.GetElapsedTime(over) < LastFaultPatience
            && await timer.WaitForNextTickAsync(cancellation))
        {
        }
    }

    private async Task<RunReport> Report(SiteClient client, RunReport report, double seconds, CancellationToken cancellation)
    {
        var final = snapshot.Job!;
        traffic.Add(await client.GetTraffic(cancellation));
        var (up, down) = (traffic.BytesUp, traffic.BytesDown);
        return report with
        {
            Phase = final.Phase,
            Version = final.Version?.Number,
            Weights = final.Version is { } version ? await client.HashWeights(version, cancellation) : null,
            Rounds = snapshot.Finished.Count,
            Accuracy = final.Evaluation?.Accuracy,
            Loss = final.Evaluation?.Loss,
            Seconds = Math.Round(seconds, 3),
            BytesUp = up,
            BytesDown = down,
            BytesResent = final.Totals.BytesResent,
            Participants = options.Devices,
            Failures = final.Totals.Failures,
            Faults = FaultCosts.Of(site.Faults, snapshot.Finished),
            Restarts = site.Restarts,
            Error = final.Phase == JobPhase.Completed ? null : final.Failure ?? $"The job {job.Definition.Job} was stopped.",
        };
    }

    private void Show(Action<RunSnapshot> show, string activity)
    {
        snapshot = snapshot with
        {
            Activity = activity,
            Faults = site.Faults,
            BytesUp = traffic.BytesUp,
            BytesDown = traffic.BytesDown,
            Elapsed = site.Elapsed,
            Now = time.GetUtcNow(),
        };
        show(snapshot);
    }

    private IEnumerable<string> Describe()
    {
        foreach (var service in site.Services)
        {
            yield return $"{service.Name,-8} {service.Address} (process {service.Process.Id})";
        }

        foreach (var silo in site.Silos)
        {
            var (name, ports) = (silo.Process.Name, silo.Ports);
            yield return $"{name,-8} {ports.Address} (process {silo.Process.Id}, silo port {ports.Silo}, gateway port {ports.Gateway})";
        }

        yield return $"devices  {options.Devices} agents (processes {site.Agents[0].Id} to {site.Agents[^1].Id}) " +
            $"with {options.Data}, split {options.Split}";
        yield return $"job      {job.Definition.Job}: {job.Definition.Rounds} rounds " +
            $"of {job.Definition.Network?.Text ?? job.Definition.From.ToString()}, " +
            $"deadline {Wording.Duration(job.Definition.Deadline)}, missed quorum: {job.Definition.OnMissedQuorum.ToString().ToLowerInvariant()}";
        if (options.Network != NetworkFaults.None)
        {
            yield return $"network  {options.Network}";
        }

        yield return $"work     {work.Path}{(work.IsKept ? "" : " (deleted at the end; --keep keeps it)")}";
    }

    // Each round is measured; that is shown with the round, and need not be said each time.
    private static string Activity(JobProgress job) => job.Phase switch
    {
        not JobPhase.Evaluating when job is { IsOver: false, Waiting: { } waiting } => waiting,
        JobPhase.None or JobPhase.Describing => "the devices describe their data",
        JobPhase.Initialising => "a device makes version 0",
        JobPhase.Training or JobPhase.Evaluating => "training",
        JobPhase.Completed => "completed",
        JobPhase.Failed => "failed",
        _ => "stopped",
    };
}
