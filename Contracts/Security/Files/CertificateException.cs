namespace OrleansEdge.Contracts.Security.Files;

/// <summary>Files of certificates cannot be used or made. The message is one sentence for a person.</summary>
public sealed class CertificateException : Exception
{
    /// <summary>An exception with a general message.</summary>
    public CertificateException()
        : this("certificates cannot be used.")
    {
    }

    /// <summary>An exception with a sentence for a person.</summary>
    public CertificateException(string message)
        : base(message)
    {
    }

    /// <summary>An exception with a sentence for a person and what led to it.</summary>
    public CertificateException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
