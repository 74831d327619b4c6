namespace OrleansEdge.Grains.Storage;

/// <summary>The condition of a write or deletion did not hold: someone else wrote in between. Nothing was changed.</summary>
public sealed class BlobConflictException : Exception
{
    /// <summary>An exception with a general message.</summary>
    public BlobConflictException()
        : this("A blob was changed by someone else: read it again before writing.")
    {
    }

    /// <summary>An exception with a sentence for a person.</summary>
    public BlobConflictException(string message)
        : base(message)
    {
    }

    /// <summary>An exception with a sentence for a person and what led to it.</summary>
    public BlobConflictException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>The conflict on <paramref name="name"/>.</summary>
    /// <param name="name">The blob.</param>
    /// <param name="condition">What was required.</param>
    /// <param name="current">The blob's ETag; null when there is no blob.</param>
    internal static BlobConflictException On(BlobName name, BlobCondition condition, string? current) => new(
        condition.RequiresAbsence
            ? $"The blob '{name}' exists already: read it before writing."
            : $"The blob '{name}' was {(current is null ? "deleted" : "changed")} by someone else since it was read: read it again before writing.")
    {
        CurrentETag = current,
    };

    /// <summary>The conflict on <paramref name="name"/> with a store that does not say what is there.</summary>
    internal static BlobConflictException On(BlobName name, BlobCondition condition, Exception? cause = null) => new(
        condition.RequiresAbsence
            ? $"The blob '{name}' exists already: read it before writing."
            : $"The blob '{name}' was changed or deleted by someone else since it was read: read it again before writing.",
        cause);

    /// <summary>The ETag that the blob has; null when there is no blob or the store does not say.</summary>
    public string? CurrentETag { get; init; }
}
