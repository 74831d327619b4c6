using System.Collections.Immutable;
using System.CommandLine;
using OrleansEdge.Contracts.Faults.Network;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.LocalCluster.Hierarchy;

namespace OrleansEdge.LocalCluster.Commands;

/// <summary>The options of a run with several sites.</summary>
internal static class HierarchyArguments
{
    private const int FewestTiers = 2;
    private const int MostTiers = 4;

    private static readonly Option<string?> Sites = Arguments.Text("--sites", "N",
        "How many sites to start below a root site, each with devices of its own: harbour, quarry, orchard, mill and so on (default: one site alone).");
    private static readonly Option<string?> Tiers = Arguments.Text("--tiers", "N",
        "How many tiers of sites there are, the root included (default 2); with 3, each site has one more below it, and the devices are there.");
    private static readonly Option<string?> Quorum = Arguments.Text("--quorum", "N",
        "How many sites a round of the root needs at its deadline (default all).");
    private static readonly Option<string?> Wan = Arguments.Text("--wan", "FAULTS",
        "What is wrong with the links from sites to their parents: any of drop:0.02 delay:50ms~10ms bandwidth:20mbit in one text.");
    private static readonly Option<string?> Cut = Arguments.Text("--cut", "SITE@ROUND:DURATION,…",
        "Cut sites off from their parents when a round reaches them, as in harbour@2:30s.");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Option> All { get; } = [Sites, Tiers, Quorum, Wan, Cut];

    /// <summary>Reads the options; null for a site that is alone.</summary>
    /// <exception cref="FormatException">They cannot be used; the message says what is allowed.</exception>
    public static HierarchyOptions? Read(ParseResult result)
    {
        if (Arguments.Number(result, Sites, 1, SiteTree.MostSites) is not { } sites)
        {
            return All.FirstOrDefault(option => result.GetResult(option) is not null) is { } needless
                ? throw new FormatException($"{needless.Name} is about sites below a root: add --sites with their number.")
                : null;
        }

        var tiers = Arguments.Number(result, Tiers, FewestTiers, MostTiers) ?? FewestTiers;
        if (sites * (tiers - 1) > SiteTree.MostSites)
        {
            throw new FormatException($"--sites is {sites} and --tiers is {tiers}, which makes {sites * (tiers - 1)} sites below the root: " +
                $"ask for at most {SiteTree.MostSites}.");
        }

        return new()
        {
            Sites = sites,
            Tiers = tiers,
            Quorum = Arguments.Number(result, Quorum, 1, sites),
            Wan = ReadWan(result),
            Cuts = ReadCuts(result, [.. SiteTree.Of(sites, tiers, devices: 1).Skip(1).Select(place => place.Name)]),
        };
    }

    private static NetworkFaults ReadWan(ParseResult result)
    {
        var faults = result.GetValue(Wan) is { } text ? NetworkFaults.Parse(text) : NetworkFaults.None;
        return faults.Partition is null ? faults
            : throw new FormatException("--wan is about all links, and a partition is about one: name the site with --cut, as in --cut harbour@2:30s.");
    }

    private static ImmutableSortedDictionary<SiteName, Partition> ReadCuts(ParseResult result, IReadOnlyList<SiteName> sites)
    {
        var cuts = ImmutableSortedDictionary<SiteName, Partition>.Empty;
        foreach (var text in result.GetValue(Cut)?.Split(',', StringSplitOptions.TrimEntries) ?? [])
        {
            var (site, partition) = ReadCut(text, sites);
            cuts = !cuts.ContainsKey(site) ? cuts.Add(site, partition)
                : throw new FormatException($"--cut names {site} twice: keep one of them.");
        }

        return cuts;
    }

    private static (SiteName Site, Partition Partition) ReadCut(string text, IReadOnlyList<SiteName> sites)
    {
        var parts = text.Split('@', ':');
        if (parts.Length != 3 || text.IndexOf('@', StringComparison.Ordinal) > text.IndexOf(':', StringComparison.Ordinal))
        {
            throw RefuseCut(text);
        }

        if (sites.All(site => site.Value != parts[0]))
        {
            throw new FormatException($"--cut has '{text}', and the sites that have a parent are {string.Join(", ", sites)}: name one of them.");
        }

        try
        {
            return (SiteName.Parse(parts[0]), NetworkFaults.Parse($"partition:{parts[2]}@{parts[1]}").Partition!);
        }
        catch (FormatException)
        {
            throw RefuseCut(text);
        }
    }

    private static FormatException RefuseCut(string text) =>
        new($"--cut has '{text}': write a site, the number of a round of its parent, and for how long, as in harbour@2:30s.");
}
