namespace OrleansEdge.Grains.Coordination;

/// <summary>All waits and limits of a silo's coordination, in one place. Bound to the configuration section <c>Coordination</c>.</summary>
public sealed class CoordinationOptions
{
    /// <summary>The name of the configuration section.</summary>
    public const string Section = "Coordination";

    /// <summary>How long a heartbeat is held back when there is nothing to do; default 5 s.</summary>
    public TimeSpan LongPoll { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long after its last heartbeat a participant counts as alive; default 15 s.</summary>
    public TimeSpan Liveness { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How many participants a site takes at once; further ones hear that it is full, and may go to another. Default 0: no limit.</summary>
    public int MaximumParticipants { get; set; }

    /// <summary>How often a participant's grain tells the fleet that it is alive; default 2 s.</summary>
    public TimeSpan AnnounceInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How often an unfinished job, round or survey looks after itself; default 0.5 s.</summary>
    public TimeSpan PumpPeriod { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>After a restart a deadline is never nearer than this; default 30 s.</summary>
    public TimeSpan RecoveryGrace { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long devices have to describe their data or to evaluate; default 5 minutes. Each tier of sites has a quarter more than the one below it.</summary>
    public TimeSpan SurveyDeadline { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a permit lives without a chunk; default 10 s.</summary>
    public TimeSpan PermitLifetime { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>When a participant that found no permit asks again; default 20 ms.</summary>
    public TimeSpan PermitRetry { get; set; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Bytes that all permits of a silo may have in flight; default 32 MiB.</summary>
    public long InFlightBudget { get; set; } = 32L << 20;

    /// <summary>Bytes of those that one participant may have; default 8 MiB, twice what an agent asks for.</summary>
    public long InFlightPerParticipant { get; set; } = 8L << 20;

    /// <summary>Bytes of staged updates that a silo keeps in memory; what exceeds it is spilled to disk. Default 64 MiB.</summary>
    public long StagingMemory { get; set; } = 64L << 20;

    /// <summary>
    /// Bytes of staged updates that one participant may have on a silo, in memory and on disk; default 16 GiB, two updates of the largest model.
    /// </summary>
    public long StagedPerParticipant { get; set; } = 16L << 30;

    /// <summary>The folder for spilled updates; default: a folder of the system's temporary folder.</summary>
    public string? SpillFolder { get; set; }
}
