namespace OrleansEdge.Contracts.Faults;

/// <summary>The points of a round at which the silo can be made to die: between every two durable writes.</summary>
public static class SiloKillPoints
{
    /// <summary>Participants are selected; nothing is written.</summary>
    public const string Selecting = "selecting";

    /// <summary>The selection is written; nobody has been told.</summary>
    public const string Opened = "opened";

    /// <summary>The first update is committed.</summary>
    public const string Collecting = "collecting";

    /// <summary>The list of contributors is about to be written.</summary>
    public const string Collected = "collected";

    /// <summary>The list of contributors is written.</summary>
    public const string Closing = "closing";

    /// <summary>The shards of the new version are written.</summary>
    public const string Folded = "folded";

    /// <summary>The manifest is written.</summary>
    public const string Manifest = "manifest";

    /// <summary>The version's record is written; the model's head is not.</summary>
    public const string Publishing = "publishing";

    /// <summary>The model's head is written; the job does not know.</summary>
    public const string Published = "published";

    /// <summary>The job's state has moved on; the participants do not know.</summary>
    public const string Settled = "settled";

    /// <summary>All points, in the order of a round.</summary>
    public static IReadOnlyList<string> All { get; } =
        [Selecting, Opened, Collecting, Collected, Closing, Folded, Manifest, Publishing, Published, Settled];
}

/// <summary>The points of a round at which an agent can be made to die.</summary>
public static class AgentKillPoints
{
    /// <summary>The instruction has arrived.</summary>
    public const string Received = "received";

    /// <summary>Training is done; the outbox is empty.</summary>
    public const string Trained = "trained";

    /// <summary>The update is in the outbox; nothing is sent.</summary>
    public const string Stored = "stored";

    /// <summary>A part of the update is sent.</summary>
    public const string Uploading = "uploading";

    /// <summary>All of the update is sent; it is not committed.</summary>
    public const string Uploaded = "uploaded";

    /// <summary>The update is committed; the round is not published.</summary>
    public const string Committed = "committed";

    /// <summary>All points, in the order of a round.</summary>
    public static IReadOnlyList<string> All { get; } = [Received, Trained, Stored, Uploading, Uploaded, Committed];
}
