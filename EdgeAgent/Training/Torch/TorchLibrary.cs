using TorchSharp;

namespace OrleansEdge.EdgeAgent.Training.Torch;

/// <summary>The native library that computes.</summary>
internal static class TorchLibrary
{
    /// <summary>Loads it and has it compute something.</summary>
    /// <returns>Why that does not work; null when it does.</returns>
    public static string? Try()
    {
        try
        {
            using var two = torch.ones(2);
            using var sum = two.sum();
            return sum.item<float>() == 2 ? null : "it computes wrongly";
        }
        catch (Exception exception) when (exception is TypeInitializationException or DllNotFoundException or EntryPointNotFoundException or BadImageFormatException or NotSupportedException
            || TorchFaults.IsFault(exception))
        {
            return (exception is TypeInitializationException { InnerException: { } inner } ? inner : exception).Message.Split('\n')[0].TrimEnd('.');
        }
    }
}
