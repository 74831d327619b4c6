using System.Collections.Immutable;
using System.CommandLine;
using OrleansEdge.Contracts.Faults;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.LocalCluster.Hierarchy;
using OrleansEdge.LocalCluster.Storage;

namespace OrleansEdge.LocalCluster.Commands;

/// <summary>The options that say what is done to processes. Where there are several sites, a site's name and a slash can stand before the target.</summary>
internal static class FaultArguments
{
    private static readonly Dictionary<FaultAction, Option<string?>> Options = new()
    {
        [FaultAction.Kill] = Arguments.Text("--kill", "TARGET@ROUND[:POINT],…",
            "Kill processes at named points, as in agent@2,silo@3:closing, or with --sites harbour/agent@2; 'list' shows the points."),
        [FaultAction.Freeze] = Arguments.Text("--freeze", "TARGET@ROUND[:POINT],…",
            "Stop processes at named points for 30 seconds, as in silo@2:collecting."),
        [FaultAction.Isolate] = Arguments.Text("--isolate", "TARGET@ROUND[:POINT],…",
            "Cut processes off at named points for 30 seconds, as in agent@2."),
    };

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Option> All { get; } = [.. Options.Values];

    /// <summary>What <c>--kill</c> is given; null for nothing.</summary>
    public static string? Kills(ParseResult result) => result.GetValue(Options[FaultAction.Kill]);

    /// <summary>Reads what is done at which site, and adds it to the other options.</summary>
    /// <exception cref="FormatException">It cannot be used; the message says what is allowed.</exception>
    public static ClusterOptions Read(ParseResult result, ClusterOptions options)
    {
        var places = options.Places;
        var plans = (
            from pair in Options
            from text in result.GetValue(pair.Value)?.Split(',', StringSplitOptions.TrimEntries) ?? []
            let fault = Parse(pair.Key, text, places)
            group fault.Fault by fault.Site)
            .ToImmutableSortedDictionary(group => group.Key, group => RequireServices(FaultPlan.Of(group), options));
        var root = places[0].Name;
        return options with
        {
            Faults = plans.GetValueOrDefault(root, FaultPlan.None),
            Hierarchy = plans.Remove(root) is { IsEmpty: false } others ? options.Hierarchy! with { Faults = others } : options.Hierarchy,
        };
    }

    private static (SiteName Site, PlannedFault Fault) Parse(FaultAction action, string text, IReadOnlyList<SitePlace> places)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var place = slash < 0 ? places[0] : FindSite(action, text, text[..slash], places);
        var fault = PlannedFault.Parse(action, text[(slash + 1)..]);
        return place.Devices > 0 || fault.Target != FaultTarget.Agent
            ? (place.Name, fault)
            : throw new FormatException($"--{PlannedFault.NameOf(action)} has '{text}', and {place.Name} has no devices of its own: " +
                $"name the site of the device, as in {places.First(other => other.Devices > 0).Name}/{text[(slash + 1)..]}.");
    }

    private static SitePlace FindSite(FaultAction action, string text, string site, IReadOnlyList<SitePlace> places) => places.Count == 1
        ? throw new FormatException($"--{PlannedFault.NameOf(action)} has '{text}', and there is only one site: leave '{site}/' out, or add --sites.")
        : places.FirstOrDefault(place => place.Name.Value == site)
            ?? throw new FormatException($"--{PlannedFault.NameOf(action)} has '{text}', and the sites are " +
                $"{string.Join(", ", places.Select(place => place.Name))}: name one of them before the slash.");

    private static FaultPlan RequireServices(FaultPlan plan, ClusterOptions options)
    {
        if (options.Silos == 1 && plan.Faults.Any(fault => fault.Target == FaultTarget.Redis))
        {
            throw new FormatException("redis is to be disturbed, and a site of one silo has none: add --silos 2 or more.");
        }

        return options.Storage == StorageKind.Azurite || plan.Faults.All(fault => fault.Target != FaultTarget.Azurite)
            ? plan
            : throw new FormatException("azurite is to be disturbed, and the site keeps everything in a folder: add --storage azurite.");
    }
}
