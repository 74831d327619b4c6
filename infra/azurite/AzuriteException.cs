namespace OrleansEdge.Azurite;

/// <summary>Azurite cannot be used here. The message is one sentence for a person.</summary>
public sealed class AzuriteException : Exception
{
    /// <summary>An exception with a general message.</summary>
    public AzuriteException()
        : this("Azurite cannot be used here.")
    {
    }

    /// <summary>An exception with a sentence for a person.</summary>
    public AzuriteException(string message)
        : base(message)
    {
    }

    /// <summary>An exception with a sentence for a person and what led to it.</summary>
    public AzuriteException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
