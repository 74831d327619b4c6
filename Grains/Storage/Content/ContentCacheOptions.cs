namespace OrleansEdge.Grains.Storage.Content;

/// <summary>The bounds of a <see cref="ContentCache"/>.</summary>
public sealed record ContentCacheOptions
{
    /// <summary>All cached content together, in bytes; default 64 MiB.</summary>
    public long Capacity { get; init; } = 64L << 20;

    /// <summary>The largest content that is cached, in bytes; default 8 MiB. Larger content is read from the store part by part.</summary>
    public int LargestEntry { get; init; } = 8 << 20;
}
