namespace OrleansEdge.Grains.Storage;

/// <summary>The store could not do what was asked. The message is one sentence for a person: what is wrong, where, and what to do.</summary>
public class BlobStoreException : Exception
{
    /// <summary>An exception with a general message.</summary>
    public BlobStoreException()
        : this("The store failed: look at the silo's log for the cause.")
    {
    }

    /// <summary>An exception with a sentence for a person.</summary>
    public BlobStoreException(string message)
        : base(message)
    {
    }

    /// <summary>An exception with a sentence for a person and what led to it.</summary>
    public BlobStoreException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Whether it may well work in a while without anyone doing anything, as when a service is away.</summary>
    public bool IsPassing { get; init; }
}
