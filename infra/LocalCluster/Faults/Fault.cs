using System.Text.Json.Serialization;

namespace OrleansEdge.LocalCluster.Faults;

/// <summary>What was really done to a process.</summary>
/// <param name="Target">
/// What it is in a plan: <c>silo</c>, <c>silo.shard</c>, <c>agent</c>, <c>azurite</c> or <c>redis</c>, of a site below the root with its name before: <c>harbour/silo</c>.
/// </param>
/// <param name="Action"><c>kill</c>, <c>freeze</c>, <c>isolate</c> or <c>restart</c>.</param>
/// <param name="Name">The process's name in logs: <c>silo1</c>, <c>dev1</c>, of several sites <c>harbour/silo</c>.</param>
/// <param name="Pid">Its id.</param>
/// <param name="Round">In which round.</param>
/// <param name="Phase">At which point of the round; empty for a restart, which waits for none.</param>
/// <param name="Seconds">When, since the run began.</param>
internal sealed record Fault(string Target, string Action, string Name, int Pid, int Round, string Phase, double Seconds)
{
    /// <summary>What its round has cost more than others; null while that is not known.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public FaultCost? Cost { get; init; }

    /// <summary>How a silo that was told to end has done so; null for what is no restart, and until it has ended.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Drain? Drain { get; init; }
}

/// <summary>The end of a silo that handed over what it had.</summary>
/// <param name="Seconds">From SIGTERM to the end of the process.</param>
/// <param name="ExitCode">Its exit code; 0 when it ended in good order.</param>
internal sealed record Drain(double Seconds, int ExitCode);

/// <summary>What the faults of a round have cost together.</summary>
/// <param name="Rounds">How often the round was done over, or given up.</param>
/// <param name="Seconds">How much longer it took than a round without faults; null if there was none.</param>
/// <param name="BytesResent">Bytes of updates that were sent more than once in it.</param>
internal sealed record FaultCost(int Rounds, double? Seconds, long BytesResent);
