using OrleansEdge.Benchmarks.Echo;
using OrleansEdge.Benchmarks.Processes;
using OrleansEdge.Benchmarks.Sites;
using OrleansEdge.Contracts.Faults;

namespace OrleansEdge.Benchmarks.Recovery;

/// <summary>What is measured.</summary>
/// <param name="Silos">The number of silos.</param>
/// <param name="Kills">How often the silo that has the round is killed.</param>
/// <param name="Devices">The number of participants.</param>
/// <param name="Megabytes">The size of the weights, in 10⁶ bytes.</param>
/// <param name="Work">Where the run's folder is made; null for the system's temporary folder.</param>
internal sealed record RecoveryPlan(int Silos, int Kills, int Devices, double Megabytes, string? Work)
{
    private const int FirstRound = 3;

    /// <summary>The number of weights.</summary>
    public int Parameters => Math.Max(1, (int)(Megabytes * 1e6 / sizeof(float)));

    /// <summary>Enough for a silo that was started again to have joined before the next one dies.</summary>
    public int Spacing => Silos == 1 ? 4 : 25;

    /// <summary>The number of rounds.</summary>
    public int Rounds => FirstRound + (Kills * Spacing);

    /// <summary>The deaths.</summary>
    public FaultPlan Faults => FaultPlan.Of(Enumerable.Range(0, Kills).Select(index =>
        new PlannedFault(FaultAction.Kill, FaultTarget.Silo, FirstRound + (index * Spacing), SiloPoints.Collecting)));
}

/// <summary>What came of one kill, in seconds from where the plan says that time begins.</summary>
/// <param name="Upload">To the next update that the site accepted.</param>
/// <param name="Publication">To the next version.</param>
internal readonly record struct Recovery(double Upload, double Publication);

/// <summary>What came out.</summary>
/// <param name="Recoveries">Each kill.</param>
/// <param name="BytesResent">Bytes that were sent twice, over all kills and devices.</param>
internal sealed record RecoveryFigures(IReadOnlyList<Recovery> Recoveries, long BytesResent);

/// <summary>
/// Kills the silo that has the round again and again while agents return their weights. Time begins with the restart of a site's only silo,
/// and with the death of one of several, which is started again only when the others have published.
/// </summary>
internal static class RecoveryRun
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Measures.</summary>
    public static async Task<RecoveryFigures> Measure(RecoveryPlan plan)
    {
        using var work = new WorkFolder(plan.Work);
        await using var site = await ClusteredSite.Start(work, plan.Silos, plan.Silos > 1, plan.Faults);
        var commits = work.At("commits");
        using var agents = EchoJob.StartAgents(work, site.Addresses, first: 1, plan.Devices, plan.Parameters, commits);
        await site.Submit(EchoJob.File(plan.Rounds, plan.Devices));
        var deaths = new List<(int Round, DateTimeOffset From, double Upload)>();
        foreach (var fault in plan.Faults.Faults)
        {
            var (silo, diedAt) = await site.WaitForDeath(fault);
            var from = diedAt;
            if (plan.Silos == 1)
            {
                from = TimeProvider.System.GetUtcNow();
                silo.StartAgain();
            }

            var upload = await WaitForCommit(commits, from, agents, _ => true);
            await WaitForCommit(commits, from, agents, round => round > fault.Round);
            deaths.Add((fault.Round, from, upload));
            if (plan.Silos > 1)
            {
                silo.StartAgain();
                await site.WaitUntilReady(silo);
            }
        }

        var final = await WaitForEnd(site);
        var published = (await site.Rounds(EchoJob.Name)).ToDictionary(round => round.Round, round => round.EndedAt);
        return new([.. deaths.Select(death => new Recovery(death.Upload, (published[death.Round] - death.From).TotalSeconds))], final.Totals!.BytesResent);
    }

    private static async Task<double> WaitForCommit(string commits, DateTimeOffset from, ChildProcess agents, Func<int, bool> isWanted)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            agents.RequireAlive();
            foreach (var (_, at) in CommitLog.Read(commits).Where(commit => commit.At > from && isWanted(commit.Round)))
            {
                return (at - from).TotalSeconds;
            }

            await Task.Delay(Pause, limit.Token);
        }
    }

    private static async Task<JobView> WaitForEnd(ClusteredSite site)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            if (await site.Find(EchoJob.Name) is { Phase: "completed" or "failed" or "stopped" } view)
            {
                return view.Phase == "completed" ? view : throw new BenchmarkException($"the job has ended ({view.Phase}): {view.Failure}");
            }

            await Task.Delay(Pause, limit.Token);
        }
    }
}
