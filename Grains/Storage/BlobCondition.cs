namespace OrleansEdge.Grains.Storage;

/// <summary>What must hold for a write or a deletion to be done; the default is no condition.</summary>
public readonly record struct BlobCondition
{
    private BlobCondition(bool ifAbsent, string? etag)
    {
        RequiresAbsence = ifAbsent;
        RequiredETag = etag;
    }

    /// <summary>Only where there is no blob (<c>If-None-Match: *</c>).</summary>
    public static BlobCondition IfAbsent { get; } = new(true, null);

    /// <summary>Whether there must be no blob.</summary>
    public bool RequiresAbsence { get; }

    /// <summary>The ETag that the blob must have; null for any.</summary>
    public string? RequiredETag { get; }

    /// <summary>Whether anything is required at all.</summary>
    public bool IsEmpty => !RequiresAbsence && RequiredETag is null;

    /// <summary>Only where the blob has this ETag (<c>If-Match</c>).</summary>
    public static BlobCondition IfMatch(string etag)
    {
        ArgumentException.ThrowIfNullOrEmpty(etag);
        return new(false, etag);
    }

    /// <summary>What an activation knows of a blob as a condition: an ETag must still match; none means that there was no blob.</summary>
    public static BlobCondition Unchanged(string? etag) => string.IsNullOrEmpty(etag) ? IfAbsent : IfMatch(etag);

    /// <summary>Whether a blob with this ETag (null: no blob) meets the condition.</summary>
    public bool IsMetBy(string? current) => RequiresAbsence ? current is null : RequiredETag is null || RequiredETag == current;
}
