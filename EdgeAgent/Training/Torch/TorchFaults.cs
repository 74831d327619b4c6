using System.Runtime.InteropServices;

namespace OrleansEdge.EdgeAgent.Training.Torch;

/// <summary>Turns what the native library throws into one sentence for a person.</summary>
internal static class TorchFaults
{
    private const int LongestReason = 300;
    private static readonly string[] MemorySigns = ["can't allocate memory", "not enough memory", "bad_alloc", "Cannot allocate memory"];

    /// <summary>Whether the fault comes from the native library, or from a network that returns something else than one tensor.</summary>
    public static bool IsFault(Exception fault) =>
        fault is ExternalException or OutOfMemoryException or InvalidCastException or InvalidOperationException;

    /// <summary>Whether memory ran out.</summary>
    public static bool IsOutOfMemory(Exception fault) =>
        fault is OutOfMemoryException || Array.Exists(MemorySigns, sign => fault.Message.Contains(sign, StringComparison.Ordinal));

    /// <summary>The reason without the native stack: the interpreter's last word, or the first line.</summary>
    public static string Reason(Exception fault)
    {
        var lines = fault.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        const string lastWord = "RuntimeError: ";
        var line = Array.FindLast(lines, text => text.StartsWith(lastWord, StringComparison.Ordinal))?[lastWord.Length..]
            ?? lines.FirstOrDefault("no reason given");
        return (line.Length <= LongestReason ? line : line[..LongestReason] + "…").TrimEnd('.');
    }

    /// <summary>The exception for a network that failed while it did <paramref name="doing"/> (training, evaluating).</summary>
    public static ModelException While(string network, string doing, Exception fault) => IsOutOfMemory(fault)
        ? new($"Memory ran out while {doing} {network}: use a smaller batch size, a smaller network, or a device with more memory.", fault)
        : new($"{doing[..1].ToUpperInvariant()}{doing[1..]} {network} failed: {Reason(fault)}; check that the network fits the data.", fault);
}
