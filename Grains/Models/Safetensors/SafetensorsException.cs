namespace OrleansEdge.Grains.Models.Safetensors;

/// <summary>A safetensors file cannot be read or written. The message is one sentence for a person.</summary>
public sealed class SafetensorsException : Exception
{
    /// <summary>An exception with a general message.</summary>
    public SafetensorsException()
        : this("The file is not a safetensors file.")
    {
    }

    /// <summary>An exception with a sentence for a person.</summary>
    public SafetensorsException(string message)
        : base(message)
    {
    }

    /// <summary>An exception with a sentence for a person and what led to it.</summary>
    public SafetensorsException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
