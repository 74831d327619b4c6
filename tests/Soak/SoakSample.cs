using System.Diagnostics;

namespace OrleansEdge.Soak;

/// <summary>What a process uses at a moment.</summary>
/// <param name="Life">The process's id; another after it was killed.</param>
/// <param name="WorkingSet">Its resident memory, in bytes.</param>
/// <param name="Handles">Its open file descriptors.</param>
internal readonly record struct ProcessReading(int Life, long WorkingSet, int Handles)
{
    /// <summary>Reads; null if the process is gone.</summary>
    public static ProcessReading? Of(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return new(id, process.WorkingSet64, process.HandleCount);
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}

/// <summary>How it stood in a round.</summary>
/// <param name="Round">The round.</param>
/// <param name="Seconds">Since the first.</param>
/// <param name="Silo">The silo; null while it was dead.</param>
/// <param name="Agents">The agents that were alive.</param>
/// <param name="Store">The store.</param>
internal sealed record SoakSample(int Round, double Seconds, ProcessReading? Silo, IReadOnlyList<ProcessReading> Agents, StoreReading Store);
