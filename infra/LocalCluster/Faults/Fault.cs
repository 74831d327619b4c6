namespace OrleansEdge.LocalCluster.Faults;

/// <summary>A process that was really killed.</summary>
/// <param name="Target"><c>silo</c> or <c>agent</c>.</param>
/// <param name="Name">The process's name in logs: <c>silo</c>, <c>dev1</c>.</param>
/// <param name="Pid">Its id.</param>
/// <param name="Round">In which round.</param>
/// <param name="Phase">At which point of the round.</param>
/// <param name="Seconds">When, since the run began.</param>
internal sealed record Fault(string Target, string Name, int Pid, int Round, string Phase, double Seconds);
