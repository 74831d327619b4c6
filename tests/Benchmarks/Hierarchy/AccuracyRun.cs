using OrleansEdge.Benchmarks.Processes;
using OrleansEdge.Contracts.Faults.Network;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.LocalCluster.Hierarchy;

namespace OrleansEdge.Benchmarks.Hierarchy;

/// <summary>Trains until the goal is reached, and notes after each round of the root how far it is.</summary>
internal static class AccuracyRun
{
    private static readonly JobId Job = JobId.Parse(AccuracyPlan.Job);

    /// <summary>Measures a case. The devices of each place share one link, with or without a site of their own there.</summary>
    public static async Task<AccuracyFigures> Measure(AccuracyPlan plan, AccuracyCase which)
    {
        using var work = new WorkFolder(plan.Work);
        var wan = NetworkFaults.Parse(plan.Wan);
        await using var system = await MeasuredHierarchy.Start(work, which.HasSites ? new HierarchyOptions { Sites = plan.Sites, Wan = wan } : null);
        for (var place = 0; place < plan.Sites; place++)
        {
            var site = which.HasSites ? system.Sites[place] : system.Root;
            var link = which.HasSites ? NetworkFaults.None : wan with { Seed = place };
            system.StartDevices(site, (place * plan.DevicesPerSite) + 1, plan.DevicesPerSite, plan.Devices, $"digits={plan.Data}", plan.Split, link);
        }

        await system.Submit(plan.JobFile(which), plan.Devices);
        return new(which, await Follow(system, plan));
    }

    private static async Task<IReadOnlyList<AccuracyPoint>> Follow(MeasuredHierarchy system, AccuracyPlan plan)
    {
        var points = new List<AccuracyPoint>();
        await system.WaitUntil(async () =>
        {
            var isOver = (await system.GetJob(Job)).IsOver;
            var bytes = await system.BytesAtRoot();
            foreach (var round in await system.Root.Client.GetRounds(Job, points.Count + 1, CancellationToken.None))
            {
                var before = points.Count == 0 ? 0 : points[^1].Seconds;
                points.Add(new(round.Round, before + round.Seconds, bytes / 1e6, round.Evaluation?.Accuracy ?? 0));
            }

            return isOver || points.Any(point => point.Accuracy >= plan.Goal);
        });
        return points;
    }
}
