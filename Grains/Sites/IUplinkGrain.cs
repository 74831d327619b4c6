using System.Collections.Immutable;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Identity;

namespace OrleansEdge.Grains.Sites;

/// <summary>
/// The site as a participant of its parent. One of the site's silos holds the link: the one that has this grain. The key is
/// <see cref="Coordination.StorageNames.Uplink"/>.
/// </summary>
[Alias("oe.IUplinkGrain"), CallableBy(Callers.Site)]
internal interface IUplinkGrain : IGrainWithStringKey
{
    /// <summary>Holds the link; called by whoever finds it neglected.</summary>
    [Alias("Touch")]
    Task Touch();

    /// <summary>Whether the site has a parent that it cannot reach.</summary>
    [Alias("IsAway")]
    ValueTask<bool> IsAway();

    /// <summary>
    /// What the site offers its parent: what its participants offer now, and, as long as some may still have to come back after a restart, what
    /// it offered before.
    /// </summary>
    /// <param name="present">The names of the data of those that are there, in order.</param>
    [Alias("Offer")]
    Task<ImmutableArray<DataName>> Offer(ImmutableArray<DataName> present);

    /// <summary>How the link stands.</summary>
    [Alias("GetStatus")]
    ValueTask<UplinkStatus> GetStatus();
}

/// <summary>How a site's link to its parent stands.</summary>
[GenerateSerializer, Immutable, Alias("oe.UplinkStatus")]
public sealed record UplinkStatus
{
    /// <summary>Where the parent is; null for a site without one.</summary>
    [Id(0)] public Uri? Parent { get; init; }

    /// <summary>The parent's name; null before it has answered.</summary>
    [Id(1)] public string? ParentName { get; init; }

    /// <summary>Whether the parent answers.</summary>
    [Id(2)] public bool Connected { get; init; }

    /// <summary>Since when it answers, or does not.</summary>
    [Id(3)] public DateTimeOffset Since { get; init; }

    /// <summary>The time of one small question over the link, in ms.</summary>
    [Id(4)] public double RoundTripMilliseconds { get; init; }

    /// <summary>Bytes sent to the parent since the silo's process started.</summary>
    [Id(5)] public long BytesUp { get; init; }

    /// <summary>Bytes received from the parent since then.</summary>
    [Id(6)] public long BytesDown { get; init; }

    /// <summary>What is the matter, for a person; null for nothing.</summary>
    [Id(7)] public string? Trouble { get; init; }
}
