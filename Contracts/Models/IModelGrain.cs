using OrleansEdge.Contracts.Identity;

namespace OrleansEdge.Contracts.Models;

/// <summary>The versions of one model, as operators may read them; the key is the <see cref="Identifiers.ModelName"/>.</summary>
[Alias("oe.IModelGrain")]
public interface IModelGrain : IGrainWithStringKey
{
    /// <summary>The record of a version; null if there is none.</summary>
    /// <param name="number">The version's number; null for the newest.</param>
    /// <exception cref="VersionPrunedException">It was there once.</exception>
    [Alias("Find"), CallableBy(Callers.Operator | Callers.Site)]
    ValueTask<VersionRecord?> Find(int? number);
}
