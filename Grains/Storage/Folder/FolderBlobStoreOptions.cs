namespace OrleansEdge.Grains.Storage.Folder;

/// <summary>How a <see cref="FolderBlobStore"/> works.</summary>
public sealed record FolderBlobStoreOptions
{
    /// <summary>Threads that wait for the disk, 1 or more; default 4: enough to keep a disk's queue filled with flushes.</summary>
    public int DiskThreads { get; init; } = 4;

    /// <summary>The clock of the store; default the machine's.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>
    /// Called with each of <see cref="BlobCrashPoints"/> as a write passes it, on the thread that writes; default none. A process under test
    /// kills itself there.
    /// </summary>
    public Action<string>? CrashPoint { get; init; }
}
