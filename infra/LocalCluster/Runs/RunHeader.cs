using OrleansEdge.Contracts.Faults.Network;
using OrleansEdge.LocalCluster.Display;
using OrleansEdge.LocalCluster.Hierarchy;
using OrleansEdge.LocalCluster.Jobs;
using OrleansEdge.LocalCluster.Sites;

namespace OrleansEdge.LocalCluster.Runs;

/// <summary>Says what runs.</summary>
internal static class RunHeader
{
    private const int LabelWidth = 8;

    /// <summary>A line for each thing that runs, which begins with its name.</summary>
    public static IEnumerable<string> Lines(ClusterOptions options, LocalJob job, LocalHierarchy hierarchy, WorkFolder work) =>
    [
        .. hierarchy.Sites.SelectMany(site => Lines(site, options)),
        Line("job", $"{job.Definition.Job}: {job.Definition.Rounds} rounds of {job.Definition.Network?.Text ?? job.Definition.From.ToString()}, " +
            $"deadline {Wording.Duration(job.Definition.Deadline)}, missed quorum: {job.Definition.OnMissedQuorum.ToString().ToLowerInvariant()}"),
        .. options.Network == NetworkFaults.None ? [] : new[] { Line("network", options.Network.ToString()) },
        Line("work", $"{work.Path}{(work.IsKept ? "" : " (deleted at the end; --keep keeps it)")}"),
    ];

    private static IEnumerable<string> Lines(LocalSite site, ClusterOptions options)
    {
        foreach (var service in site.Services)
        {
            yield return Line(service.Name, $"{service.Address} (process {service.Process.Id})");
        }

        foreach (var silo in site.Silos)
        {
            var below = site.Place.Parent is { } parent ? $", below {parent}" : "";
            yield return Line(silo.Process.Name, $"{silo.Ports.Address} (process {silo.Process.Id}, silo port {silo.Ports.Silo}, gateway port {silo.Ports.Gateway}{below})");
        }

        if (site.Place.Uplink != NetworkFaults.None)
        {
            yield return Line($"{site.Place.Prefix}link", site.Place.Uplink.ToString());
        }

        if (site.Agents.Count > 0)
        {
            yield return Line($"{site.Place.Prefix}devices",
                $"{site.Agents.Count} agents (processes {site.Agents[0].Id} to {site.Agents[^1].Id}) with {options.Data}, split {options.Split}");
        }
    }

    private static string Line(string label, string text) => $"{label.PadRight(LabelWidth)} {text}";
}
