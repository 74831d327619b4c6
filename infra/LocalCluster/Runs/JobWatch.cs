using OrleansEdge.Grains.Jobs;
using OrleansEdge.LocalCluster.Faults;
using OrleansEdge.LocalCluster.Hierarchy;
using OrleansEdge.LocalCluster.Jobs;
using OrleansEdge.LocalCluster.Sites;

namespace OrleansEdge.LocalCluster.Runs;

/// <summary>Brings the sites up, submits the job to the root and follows it to its end.</summary>
internal sealed class JobWatch(ClusterOptions options, LocalJob job, LocalHierarchy hierarchy, WorkFolder work, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    /// <summary>How long faults of the last round may still come when the job is over.</summary>
    private static readonly TimeSpan LastFaultPatience = TimeSpan.FromSeconds(3);

    /// <summary>How long the site may try again in vain; its store may be away for a minute.</summary>
    private static readonly TimeSpan TroublePatience = TimeSpan.FromSeconds(90);

    private readonly TrafficMeter traffic = new();

    private readonly IReadOnlyList<(LocalSite Site, UplinkMeter Meter)> uplinks =
        [.. hierarchy.Sites.Skip(1).Select(site => (site, new UplinkMeter(site.Place, job.Definition.Job.Value)))];

    private long? troubledSince;
    private Task rollingRestart = Task.CompletedTask;
    private bool hasRestarted;
    private RunSnapshot snapshot = new() { Rounds = job.Definition.Rounds };

    private SiteClient Client => hierarchy.Root.Client;

    /// <summary>Runs the job.</summary>
    /// <param name="report">What is known before; returned with the rest filled in.</param>
    /// <param name="show">Shows how it stands.</param>
    /// <param name="cancellation">Ends the watch.</param>
    /// <exception cref="ClusterException">A process ended by itself, the site refuses the job, or it cannot go on.</exception>
    public async Task<RunReport> Run(RunReport report, Action<RunSnapshot> show, CancellationToken cancellation)
    {
        Show(show, hierarchy.Sites.Count == 1 ? "starting the site" : $"starting {hierarchy.Sites.Count} sites");
        await hierarchy.Start(cancellation);
        snapshot = snapshot with { Header = [.. RunHeader.Lines(options, job, hierarchy, work)] };

        // Whatever the watch is waiting for, a process that ends by itself ends the run.
        using var failure = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var following = Follow(report, show, failure.Token);
        if (await Task.WhenAny(following, hierarchy.Completion) != following)
        {
            await failure.CancelAsync();
            await ((Task)following).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await hierarchy.Completion;
        }

        return await following;
    }

    private async Task<RunReport> Follow(RunReport report, Action<RunSnapshot> show, CancellationToken cancellation)
    {
        await WaitForParticipants(show, cancellation);
        var began = time.GetTimestamp();
        await Submit(cancellation);
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            await Sample(cancellation);
            Show(show, Activity(snapshot.Job!));
            RequireProgress();
            await Restart(cancellation);
        }
        while (!snapshot.Job!.IsOver && await timer.WaitForNextTickAsync(cancellation));

        var seconds = time.GetElapsedTime(began).TotalSeconds;
        await rollingRestart;
        await WaitForLastFaults(cancellation);
        return await Report(report, seconds, cancellation);
    }

    private async Task WaitForParticipants(Action<RunSnapshot> show, CancellationToken cancellation)
    {
        // A round opens for those who are there, so a job that came before them would not train on all data. Lower sites come first: a
        // site that has its participants is one that can work.
        foreach (var site in hierarchy.Sites.Reverse())
        {
            await WaitForParticipants(site, show, cancellation);
        }
    }

    private async Task WaitForParticipants(LocalSite site, Action<RunSnapshot> show, CancellationToken cancellation)
    {
        var below = hierarchy.ChildrenOf(site).Count();
        var where = hierarchy.Sites.Count == 1 ? "" : $" at {site.Place.Name}";
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            traffic.Add(await Client.GetTraffic(cancellation));
            var present = await site.Client.CountParticipants(cancellation);
            if (present >= site.Place.Devices + below)
            {
                return;
            }

            Show(show, $"waiting for {(below > 0 ? "sites" : "devices")}{where}: {present} of {site.Place.Devices + below} are there");
        }
        while (await timer.WaitForNextTickAsync(cancellation));
    }

    private async Task Submit(CancellationToken cancellation)
    {
        // A work folder of an earlier run holds its job: an interrupted one goes on, a finished one cannot be run again.
        var id = job.Definition.Job;
        if (await Client.FindJob(id, cancellation) is { IsOver: true })
        {
            throw new ClusterException($"The job {id} in {work.Path} has run to its end already: " +
                "name another folder with --work, or delete this one.");
        }

        var torchScript = job.TorchScript is null ? null : await Client.UploadContent(job.TorchScript, cancellation);
        await Client.Submit(job.Text, job.FileName, torchScript, cancellation);
    }

    private async Task Sample(CancellationToken cancellation)
    {
        traffic.Add(await Client.GetTraffic(cancellation));
        await Task.WhenAll(uplinks.Select(uplink => uplink.Meter.Sample(uplink.Site, cancellation)));
        var progress = await Client.GetJob(job.Definition.Job, cancellation);
        var next = snapshot.Finished.Count == 0 ? 1 : snapshot.Finished[^1].Round + 1;
        var finished = await Client.GetRounds(job.Definition.Job, next, cancellation);
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

    private async Task Restart(CancellationToken cancellation)
    {
        // A job whose silo does not end may never end itself.
        if (rollingRestart.IsCompleted)
        {
            await rollingRestart;
        }

        if (!hasRestarted && snapshot.Job!.Round >= options.RollingRestart)
        {
            hasRestarted = true;
            rollingRestart = hierarchy.RestartSilos(() => snapshot.Job!.Round, cancellation);
        }
    }

    private async Task WaitForLastFaults(CancellationToken cancellation)
    {
        var over = time.GetTimestamp();
        using var timer = new PeriodicTimer(Interval / 5, time);
        while (hierarchy.Faults.Count < options.Places.Sum(place => place.Faults.Faults.Count) && time.GetElapsedTime(over) < LastFaultPatience
            && await timer.WaitForNextTickAsync(cancellation))
        {
        }
    }

    private async Task<RunReport> Report(RunReport report, double seconds, CancellationToken cancellation)
    {
        var final = snapshot.Job!;
        traffic.Add(await Client.GetTraffic(cancellation));
        await Task.WhenAll(uplinks.Select(uplink => uplink.Meter.Sample(uplink.Site, cancellation)));
        var (up, down) = (traffic.BytesUp, traffic.BytesDown);
        return report with
        {
            Phase = final.Phase,
            Version = final.Version?.Number,
            Weights = final.Version is { } version ? await Client.HashWeights(version, cancellation) : null,
            Rounds = snapshot.Finished.Count,
            RoundsDoneOver = snapshot.Finished.Sum(FaultCosts.RoundsDoneOver),
            Accuracy = final.Evaluation?.Accuracy,
            Loss = final.Evaluation?.Loss,
            Seconds = Math.Round(seconds, 3),
            BytesUp = up,
            BytesDown = down,
            BytesResent = final.Totals.BytesResent,
            Updates = final.Totals.Updates,
            LateUpdates = snapshot.Finished.Sum(round => round.Late),
            Participants = hierarchy.Sites.Sum(site => site.Place.Devices),
            Failures = final.Totals.Failures,
            Faults = [.. FaultCosts.Of(hierarchy.Root.Faults, snapshot.Finished), .. hierarchy.Sites.Skip(1).SelectMany(site => site.Faults)],
            Restarts = hierarchy.Restarts,
            Sites = uplinks.Count == 0 ? null : [.. uplinks.Select(uplink => SiteReport.Of(uplink.Meter.Progress))],
            Error = final.Phase == JobPhase.Completed ? null : final.Failure ?? $"The job {job.Definition.Job} was stopped.",
        };
    }

    private void Show(Action<RunSnapshot> show, string activity)
    {
        snapshot = snapshot with
        {
            Activity = activity,
            Faults = hierarchy.Faults,
            Sites = [.. uplinks.Select(uplink => uplink.Meter.Progress)],
            BytesUp = traffic.BytesUp,
            BytesDown = traffic.BytesDown,
            Elapsed = hierarchy.Elapsed,
            Now = time.GetUtcNow(),
        };
        show(snapshot);
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
