namespace OrleansEdge.Contracts.Faults;

/// <summary>What a fault is done to.</summary>
public enum FaultTarget
{
    /// <summary>The silo that hosts the round.</summary>
    Silo = 0,

    /// <summary>A silo that hosts a shard of the round.</summary>
    Shard = 1,

    /// <summary>A participant of the round.</summary>
    Agent = 2,

    /// <summary>The store.</summary>
    Azurite = 3,

    /// <summary>The membership.</summary>
    Redis = 4,

    /// <summary>The silo that speaks for its site at the parent.</summary>
    Uplink = 5,
}

/// <summary>What is done to it.</summary>
public enum FaultAction
{
    /// <summary>It is killed with SIGKILL, and started again.</summary>
    Kill = 0,

    /// <summary>It is stopped with SIGSTOP, and continued after <see cref="PlannedFault.Pause"/>.</summary>
    Freeze = 1,

    /// <summary>It is cut off from everything for <see cref="PlannedFault.Pause"/>.</summary>
    Isolate = 2,
}
