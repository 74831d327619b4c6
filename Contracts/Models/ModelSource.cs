using OrleansEdge.Contracts.Identifiers;

namespace OrleansEdge.Contracts.Models;

/// <summary>Where a model's network comes from: the name of a built-in architecture, or a TorchScript file that is stored with the model.</summary>
/// <param name="Architecture">
/// A built-in name (<c>2nn</c>, <c>cnn</c>, <c>niid-cnn</c>, <c>logistic</c>, <c>mlp:64,32</c>); for a TorchScript file, the file's name, for people.
/// </param>
/// <param name="TorchScript">The hash of the TorchScript file; null for a built-in architecture.</param>
[GenerateSerializer, Immutable, Alias(Aliases.ModelSource)]
public sealed record ModelSource([property: Id(0)] string Architecture, [property: Id(1)] ContentHash? TorchScript)
{
    /// <summary>
    /// By which a site stands behind the TorchScript file; null for a built-in architecture, which is the participant's own code, and at a site
    /// without certificates.
    /// </summary>
    [Id(2)] public ModelSignature? Signature { get; init; }
}
