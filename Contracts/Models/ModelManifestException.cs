namespace OrleansEdge.Contracts.Models;

/// <summary>Bytes that should be a <see cref="ModelManifest"/> are not. The message is one sentence for a person.</summary>
public sealed class ModelManifestException : Exception
{
    /// <summary>An exception with a general message.</summary>
    public ModelManifestException()
        : this("The model manifest is damaged: restore it from a backup.")
    {
    }

    /// <summary>An exception with a sentence for a person.</summary>
    public ModelManifestException(string message)
        : base(message)
    {
    }

    /// <summary>An exception with a sentence for a person and what led to it.</summary>
    public ModelManifestException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
