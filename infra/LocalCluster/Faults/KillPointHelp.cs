using System.Text;
using OrleansEdge.Contracts.Faults;

namespace OrleansEdge.LocalCluster.Faults;

/// <summary>What the points of a round mean, for people.</summary>
internal static class KillPointHelp
{
    /// <summary>The meaning of each point of a silo.</summary>
    public static IReadOnlyDictionary<string, string> Silo { get; } = new Dictionary<string, string>
    {
        [SiloKillPoints.Selecting] = "participants are selected, nothing is written",
        [SiloKillPoints.Opened] = "the selection is written, nobody has been told",
        [SiloKillPoints.Collecting] = "the first update is committed",
        [SiloKillPoints.Collected] = "the list of contributors is about to be written",
        [SiloKillPoints.Closing] = "the list of contributors is written, no shard is folded",
        [SiloKillPoints.Folded] = "the shards of the new version are written",
        [SiloKillPoints.Manifest] = "the manifest of the new version is written",
        [SiloKillPoints.Publishing] = "the version's record is written, the model's head is not",
        [SiloKillPoints.Published] = "the model's head is written, the job does not know",
        [SiloKillPoints.Settled] = "the job has moved on, the participants do not know",
    };

    /// <summary>The meaning of each point of an agent.</summary>
    public static IReadOnlyDictionary<string, string> Agent { get; } = new Dictionary<string, string>
    {
        [AgentKillPoints.Received] = "the instruction has arrived",
        [AgentKillPoints.Trained] = "training is done, the outbox is empty",
        [AgentKillPoints.Stored] = "the update is in the outbox, nothing is sent",
        [AgentKillPoints.Uploading] = "a part of the update is sent",
        [AgentKillPoints.Uploaded] = "all of the update is sent, it is not committed",
        [AgentKillPoints.Committed] = "the update is committed, the round is not published",
    };

    /// <summary>The list that <c>--kill list</c> shows.</summary>
    public static string Describe()
    {
        var text = new StringBuilder("--kill TARGET@ROUND[:POINT],…   kills a process with SIGKILL at that point and starts it again\n");
        Add(text, "silo", "the host of the round", SiloKillPoints.All, Silo, PlannedKill.DefaultSiloPoint);
        Add(text, "agent", "a participant of the round", AgentKillPoints.All, Agent, PlannedKill.DefaultAgentPoint);
        return text.ToString();
    }

    private static void Add(
        StringBuilder text, string target, string who, IEnumerable<string> points, IReadOnlyDictionary<string, string> meanings, string preset)
    {
        text.Append($"\n{target}: {who}\n");
        foreach (var point in points)
        {
            text.Append($"  {point,-12}{meanings[point]}{(point == preset ? " (default)" : "")}\n");
        }
    }
}
