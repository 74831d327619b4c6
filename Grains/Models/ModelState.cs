using System.Collections.Immutable;
using OrleansEdge.Contracts.Identifiers;

namespace OrleansEdge.Grains.Models;

/// <summary>A model's head. Versions themselves are immutable blobs, so this does not grow.</summary>
[GenerateSerializer, Alias("oe.state.Model")]
internal sealed class ModelState
{
    /// <summary>The number of versions; the newest has this number less one.</summary>
    [Id(0)] public int Count { get; set; }

    /// <summary>The job that published the newest version.</summary>
    [Id(1)] public JobId? HeadJob { get; set; }

    /// <summary>The round that published the newest version.</summary>
    [Id(2)] public int HeadRound { get; set; }

    /// <summary>Promoted versions, the current one last; the oldest are forgotten beyond <see cref="PromotionsKept"/>.</summary>
    [Id(3)] public ImmutableArray<int> Promotions { get; set; } = [];

    /// <summary>How many promotions can be rolled back.</summary>
    public const int PromotionsKept = 16;
}
