using System.Collections.Immutable;

namespace OrleansEdge.Grains.Storage.Folder;

/// <summary>The moments of a write at which a test may stop the process, in their order.</summary>
public static class BlobCrashPoints
{
    /// <summary>The temporary file exists and is empty.</summary>
    public const string Created = "blob-created";

    /// <summary>The temporary file holds the content, which may not be on the disk yet.</summary>
    public const string Written = "blob-written";

    /// <summary>The content is on the disk, under the temporary name.</summary>
    public const string Flushed = "blob-flushed";

    /// <summary>The blob has its new content, which a loss of power may still undo.</summary>
    public const string Renamed = "blob-renamed";

    /// <summary>The write is durable; its caller does not know yet.</summary>
    public const string Durable = "blob-durable";

    /// <summary>All points.</summary>
    public static ImmutableArray<string> All { get; } = [Created, Written, Flushed, Renamed, Durable];
}
