using System.Collections.Immutable;
using OrleansEdge.Contracts.Identifiers;

namespace OrleansEdge.Contracts.Sites;

/// <summary>What a site tells its parent on its heartbeat, of itself and of the sites below it.</summary>
/// <param name="Name">The site's name.</param>
/// <param name="Devices">How many of its participants are alive and are no sites.</param>
/// <param name="Link">Its link to its parent.</param>
/// <param name="Jobs">The jobs that it runs for its parent, in the order of ids; at most <see cref="MaximumJobs"/>.</param>
/// <param name="Sites">The sites below it, in the order of names.</param>
[GenerateSerializer, Immutable, Alias(Aliases.SiteReport)]
public sealed record SiteReport(
    [property: Id(0)] SiteName Name,
    [property: Id(1)] int Devices,
    [property: Id(2)] SiteLink Link,
    [property: Id(3)] ImmutableArray<SiteJob> Jobs,
    [property: Id(4)] ImmutableArray<SiteReport> Sites)
{
    /// <summary>The most jobs in a report.</summary>
    public const int MaximumJobs = 64;

    /// <summary>The most sites in a report, this one included.</summary>
    public const int MaximumSites = 256;

    /// <summary>The most tiers in a report.</summary>
    public const int MaximumDepth = 8;

    /// <summary>How many sites the report tells of; more than <see cref="MaximumSites"/> where it is nested too deep to be one.</summary>
    public int Count() => Count(1);

    private int Count(int depth) => depth > MaximumDepth || Sites.IsDefault
        ? MaximumSites + 1
        : 1 + Sites.Sum(site => site is null ? MaximumSites + 1 : site.Count(depth + 1));
}

/// <summary>A site's link to its parent, as the site sees it.</summary>
/// <param name="Since">Since when it is up.</param>
/// <param name="RoundTripMilliseconds">The time of one small question over it.</param>
/// <param name="BytesUp">Bytes sent to the parent since the site's process started.</param>
/// <param name="BytesDown">Bytes received from the parent since then.</param>
[GenerateSerializer, Immutable, Alias(Aliases.SiteLink)]
public sealed record SiteLink(
    [property: Id(0)] DateTimeOffset Since,
    [property: Id(1)] double RoundTripMilliseconds,
    [property: Id(2)] long BytesUp,
    [property: Id(3)] long BytesDown);

/// <summary>A job that a site runs for its parent.</summary>
/// <param name="Job">The job.</param>
/// <param name="ParentRound">The parent's round that the site worked on last.</param>
/// <param name="Rounds">Rounds that the site has completed among its own participants.</param>
/// <param name="AutonomousRounds">How many of those it ran by itself while its parent was away.</param>
/// <param name="UpdatesAccepted">Updates that the parent has taken from it.</param>
/// <param name="StaleUpdatesAccepted">How many of those were for a round that had ended when they came.</param>
/// <param name="Accuracy">The share of right answers of its own last version; null where that is not measured.</param>
[GenerateSerializer, Immutable, Alias(Aliases.SiteJob)]
public sealed record SiteJob(
    [property: Id(0)] JobId Job,
    [property: Id(1)] int ParentRound,
    [property: Id(2)] int Rounds,
    [property: Id(3)] int AutonomousRounds,
    [property: Id(4)] int UpdatesAccepted,
    [property: Id(5)] int StaleUpdatesAccepted,
    [property: Id(6)] double? Accuracy);
