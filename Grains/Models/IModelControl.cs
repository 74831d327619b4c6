using System.Collections.Immutable;
using OrleansEdge.Contracts.Identity;
using OrleansEdge.Contracts.Models;

namespace OrleansEdge.Grains.Models;

/// <summary>How the site publishes and promotes versions; the key is the model's name.</summary>
[Alias("oe.IModelControl"), CallableBy(Callers.Site)]
internal interface IModelControl : IGrainWithStringKey
{
    /// <summary>Publishes a version under the next number. The same job and round again is the same version.</summary>
    /// <param name="draft">The record; its number is ignored.</param>
    [Alias("Publish")]
    Task<VersionRecord> Publish(VersionRecord draft);

    /// <summary>How the model stands.</summary>
    [Alias("GetStatus")]
    ValueTask<ModelStatus> GetStatus();

    /// <summary>Marks a version as the one to use; false if there is no such version.</summary>
    [Alias("Promote")]
    Task<bool> Promote(int number);

    /// <summary>Goes back to the version promoted before; null if there is none.</summary>
    [Alias("Rollback")]
    Task<int?> Rollback();

    /// <summary>All that decides which versions are kept.</summary>
    [Alias("GetVersions")]
    ValueTask<ModelVersions> GetVersions();

    /// <summary>
    /// Gives versions up for good; whoever asks for one is told so from then on. Passes over the newest and the promoted ones. Their records
    /// may be deleted when this returns.
    /// </summary>
    [Alias("Prune")]
    Task Prune(ImmutableArray<int> numbers);
}

/// <summary>How a model stands.</summary>
/// <param name="Head">The newest version; null if there is none.</param>
/// <param name="Promoted">The promoted version; null if there is none.</param>
[GenerateSerializer, Immutable, Alias("oe.ModelStatus")]
public sealed record ModelStatus([property: Id(0)] int? Head, [property: Id(1)] int? Promoted);

/// <summary>The versions of a model, as far as its grain knows them.</summary>
/// <param name="Count">The number of versions that were ever published; the newest has this number less one.</param>
/// <param name="Promotions">Promoted versions, the current one last.</param>
/// <param name="Published">The last version of each job that publishes here.</param>
/// <param name="Pruned">The versions that were given up.</param>
[GenerateSerializer, Immutable, Alias("oe.ModelVersions")]
internal sealed record ModelVersions(
    [property: Id(0)] int Count,
    [property: Id(1)] ImmutableArray<int> Promotions,
    [property: Id(2)] ImmutableArray<PublishedRound> Published,
    [property: Id(3)] ImmutableArray<NumberRange> Pruned);
