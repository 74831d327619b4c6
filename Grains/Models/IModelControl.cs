using OrleansEdge.Contracts.Models;

namespace OrleansEdge.Grains.Models;

/// <summary>How the site publishes and promotes versions; the key is the model's name.</summary>
[Alias("oe.IModelControl")]
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
}

/// <summary>How a model stands.</summary>
/// <param name="Head">The newest version; null if there is none.</param>
/// <param name="Promoted">The promoted version; null if there is none.</param>
[GenerateSerializer, Immutable, Alias("oe.ModelStatus")]
public sealed record ModelStatus([property: Id(0)] int? Head, [property: Id(1)] int? Promoted);
