namespace OrleansEdge.Grains.Storage.Azure;

/// <summary>How an <see cref="AzureBlobStore"/> works.</summary>
public sealed record AzureBlobStoreOptions
{
    /// <summary>
    /// How long one request may go without progress; default 12 s. A put of <see cref="SinglePutLength"/> must fit in it. With its repetitions it
    /// stays below the 30 s that one grain waits for another, so that it is the store's sentence that arrives.
    /// </summary>
    public TimeSpan NetworkTimeout { get; init; } = TimeSpan.FromSeconds(12);

    /// <summary>How often a request that failed for a passing reason is repeated; default 1. Grains repeat what fails for longer.</summary>
    public int MaximumRetries { get; init; } = 1;

    /// <summary>The wait before the first repetition, doubled for each other; default 200 ms.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Blobs up to this length are sent in one request, and streamed ones are kept in memory until then; default 8 MiB.</summary>
    public int SinglePutLength { get; init; } = 8 << 20;

    /// <summary>The blocks in which longer blobs are sent, in bytes; default 4 MiB.</summary>
    public int BlockLength { get; init; } = 4 << 20;

    /// <summary>How many blocks of a blob are under way at once; default 4.</summary>
    public int ConcurrentBlocks { get; init; } = 4;

    /// <summary>
    /// Where streamed blobs longer than <see cref="SinglePutLength"/> wait for their names; default null: the system's folder for temporary files.
    /// </summary>
    public string? TemporaryFolder { get; init; }
}
