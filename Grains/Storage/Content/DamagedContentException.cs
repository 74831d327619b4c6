using OrleansEdge.Contracts.Identifiers;

namespace OrleansEdge.Grains.Storage.Content;

/// <summary>Stored content is missing or is not what its hash says. The message names the hash, the place and what to do.</summary>
public sealed class DamagedContentException : BlobStoreException
{
    /// <summary>An exception with a general message.</summary>
    public DamagedContentException()
        : this("Stored content is damaged: restore it from a backup.")
    {
    }

    /// <summary>An exception with a sentence for a person.</summary>
    public DamagedContentException(string message)
        : base(message)
    {
    }

    /// <summary>An exception with a sentence for a person and what led to it.</summary>
    public DamagedContentException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Which content.</summary>
    public ContentHash Hash { get; init; }

    internal static DamagedContentException Missing(ContentHash hash, string place) => new(
        $"The content {hash} is missing: restore '{place}' from a backup or another site.")
    { Hash = hash };

    internal static DamagedContentException TooLarge(ContentHash hash, string place, long length, long limit) => new(
        $"The content {hash} is damaged (it has {length} bytes and can have {limit} at most): delete '{place}' and restore it from a backup or another site.")
    { Hash = hash };

    internal static DamagedContentException Differs(ContentHash hash, string place) => new(
        $"The content {hash} is damaged (its bytes have another hash): delete '{place}' and restore it from a backup or another site.")
    { Hash = hash };
}
