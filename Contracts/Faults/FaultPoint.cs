namespace OrleansEdge.Contracts.Faults;

/// <summary>A point of a round at which a process can be made to fail: there is one between every two durable writes.</summary>
/// <param name="Target">Who passes it.</param>
/// <param name="Name">Its name; no two points have the same.</param>
/// <param name="Meaning">What is done by then, and what is not.</param>
public sealed record FaultPoint(FaultTarget Target, string Name, string Meaning)
{
    /// <summary>The points at which a fault can be done to a target, in the order of a round.</summary>
    public static IReadOnlyList<FaultPoint> Of(FaultTarget target) => target switch
    {
        FaultTarget.Shard => ShardPoints.All,
        FaultTarget.Agent => AgentPoints.All,
        FaultTarget.Uplink => UplinkPoints.All,
        _ => SiloPoints.All,
    };

    /// <summary>The point where none is named.</summary>
    public static FaultPoint DefaultOf(FaultTarget target) => target switch
    {
        FaultTarget.Silo => SiloPoints.Closing,
        FaultTarget.Shard => ShardPoints.Folding,
        FaultTarget.Agent => AgentPoints.Uploading,
        FaultTarget.Uplink => UplinkPoints.Ready,
        _ => SiloPoints.Collecting,
    };

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>The points that the host of a round passes.</summary>
public static class SiloPoints
{
    /// <summary>Nothing is written.</summary>
    public static FaultPoint Selecting { get; } = New("selecting", "participants are selected, nothing is written");

    /// <summary>Who was asked is written.</summary>
    public static FaultPoint Opened { get; } = New("opened", "the selection is written, nobody has been told");

    /// <summary>An update is committed, in memory.</summary>
    public static FaultPoint Collecting { get; } = New("collecting", "the first update is committed");

    /// <summary>All commits are in memory.</summary>
    public static FaultPoint Collected { get; } = New("collected", "the list of contributors is about to be written");

    /// <summary>The list of contributors is written.</summary>
    public static FaultPoint Closing { get; } = New("closing", "the list of contributors is written, no shard is folded");

    /// <summary>The shards of the new version are written.</summary>
    public static FaultPoint Folded { get; } = New("folded", "the shards of the new version are written");

    /// <summary>The manifest is written.</summary>
    public static FaultPoint Manifest { get; } = New("manifest", "the manifest of the new version is written");

    /// <summary>The version's record is written.</summary>
    public static FaultPoint Publishing { get; } = New("publishing", "the version's record is written, the model's head is not");

    /// <summary>The model's head is written.</summary>
    public static FaultPoint Published { get; } = New("published", "the model's head is written, the job does not know");

    /// <summary>The job's outcome is written.</summary>
    public static FaultPoint Settled { get; } = New("settled", "the job has moved on, the participants do not know");

    /// <summary>All points, in the order of a round.</summary>
    public static IReadOnlyList<FaultPoint> All { get; } =
        [Selecting, Opened, Collecting, Collected, Closing, Folded, Manifest, Publishing, Published, Settled];

    private static FaultPoint New(string name, string meaning) => new(FaultTarget.Silo, name, meaning);
}

/// <summary>The points that the host of a shard passes.</summary>
public static class ShardPoints
{
    /// <summary>A chunk is in memory.</summary>
    public static FaultPoint Staging { get; } = New("staging", "a part of an update is staged, in memory");

    /// <summary>A whole update is in memory.</summary>
    public static FaultPoint Staged { get; } = New("staged", "the shard's part of an update is staged, in memory");

    /// <summary>Nothing of the new version is written.</summary>
    public static FaultPoint Folding { get; } = New("folding", "the shard is about to fold");

    /// <summary>The shard of the new version is written.</summary>
    public static FaultPoint Written { get; } = New("written", "the shard of the new version is written, the round does not know");

    /// <summary>All points, in the order of a round.</summary>
    public static IReadOnlyList<FaultPoint> All { get; } = [Staging, Staged, Folding, Written];

    private static FaultPoint New(string name, string meaning) => new(FaultTarget.Shard, name, meaning);
}

/// <summary>The points that an agent passes.</summary>
public static class AgentPoints
{
    /// <summary>Nothing is done.</summary>
    public static FaultPoint Received { get; } = New("received", "the instruction has arrived");

    /// <summary>The update is in memory.</summary>
    public static FaultPoint Trained { get; } = New("trained", "training is done, the outbox is empty");

    /// <summary>The update is in the outbox.</summary>
    public static FaultPoint Stored { get; } = New("stored", "the update is in the outbox, nothing is sent");

    /// <summary>A part of the update is sent.</summary>
    public static FaultPoint Uploading { get; } = New("uploading", "a part of the update is sent");

    /// <summary>All of the update is sent.</summary>
    public static FaultPoint Uploaded { get; } = New("uploaded", "all of the update is sent, it is not committed");

    /// <summary>The update is committed.</summary>
    public static FaultPoint Committed { get; } = New("committed", "the update is committed, the round is not published");

    /// <summary>All points, in the order of a round.</summary>
    public static IReadOnlyList<FaultPoint> All { get; } = [Received, Trained, Stored, Uploading, Uploaded, Committed];

    private static FaultPoint New(string name, string meaning) => new(FaultTarget.Agent, name, meaning);
}

/// <summary>The points that a silo passes that speaks for its site at the parent; the rounds are the parent's.</summary>
public static class UplinkPoints
{
    /// <summary>The version is in the site's store.</summary>
    public static FaultPoint Fetched { get; } = New("fetched", "what the parent's instruction names is in the site's store, the site's job does not know of it");

    /// <summary>The site's rounds are done.</summary>
    public static FaultPoint Ready { get; } = New("ready", "the site's rounds are done, nothing of the update is sent");

    /// <summary>The update is marked.</summary>
    public static FaultPoint Offered { get; } = New("offered", "all of the update is sent, and marked as on its way; it is not committed");

    /// <summary>The parent has the update.</summary>
    public static FaultPoint HandedOver { get; } = New("handed-over", "the update is committed at the parent, the site's job does not know");

    /// <summary>All points, in the order of a round.</summary>
    public static IReadOnlyList<FaultPoint> All { get; } = [Fetched, Ready, Offered, HandedOver];

    private static FaultPoint New(string name, string meaning) => new(FaultTarget.Uplink, name, meaning);
}
