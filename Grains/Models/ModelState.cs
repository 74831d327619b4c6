using System.Collections.Immutable;
using OrleansEdge.Contracts.Identifiers;

namespace OrleansEdge.Grains.Models;

/// <summary>A model's head. Versions themselves are immutable blobs, so this does not grow.</summary>
[GenerateSerializer, Alias("oe.state.Model")]
internal sealed record ModelState
{
    /// <summary>The number of versions; the newest has this number less one.</summary>
    [Id(0)] public int Count { get; set; }

    /// <summary>The last version of each job that publishes here, the newest last; the oldest are forgotten beyond <see cref="JobsKept"/>.</summary>
    [Id(1)] public ImmutableArray<PublishedRound> Published { get; set; } = [];

    /// <summary>Promoted versions, the current one last; the oldest are forgotten beyond <see cref="PromotionsKept"/>.</summary>
    [Id(3)] public ImmutableArray<int> Promotions { get; set; } = [];

    /// <summary>The versions that were given up, in order; there are no more ranges than versions that are kept between them.</summary>
    [Id(4)] public ImmutableArray<NumberRange> Pruned { get; set; } = [];

    /// <summary>How many promotions can be rolled back.</summary>
    public const int PromotionsKept = 16;

    /// <summary>How many jobs may publish under one name at a time and still be told apart when they publish again.</summary>
    public const int JobsKept = 64;
}

/// <summary>Which version a job's round became.</summary>
/// <param name="Job">The job.</param>
/// <param name="Round">Its round.</param>
/// <param name="Number">The version's number.</param>
[GenerateSerializer, Immutable, Alias("oe.PublishedRound")]
internal sealed record PublishedRound([property: Id(0)] JobId Job, [property: Id(1)] int Round, [property: Id(2)] int Number);
