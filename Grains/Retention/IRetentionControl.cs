using OrleansEdge.Contracts.Identity;

namespace OrleansEdge.Grains.Retention;

/// <summary>The site's one retention; the key is <see cref="Key"/>.</summary>
[Alias("oe.IRetentionControl"), CallableBy(Callers.Site)]
internal interface IRetentionControl : IGrainWithStringKey
{
    /// <summary>The key of the only one.</summary>
    const string Key = "retention";

    /// <summary>Begins a run if it is time for one; does not wait for its end.</summary>
    [Alias("Touch")]
    Task Touch();
}
