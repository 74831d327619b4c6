using System.Text;
using OrleansEdge.Contracts.Faults;

namespace OrleansEdge.LocalCluster.Faults;

/// <summary>What can be done to a system, for people.</summary>
internal static class FaultHelp
{
    /// <summary>The word that asks for it, in place of a plan.</summary>
    public const string ListWord = "list";

    /// <summary>What <c>--kill list</c> shows.</summary>
    public static string Describe()
    {
        var text = new StringBuilder(
            $"""
            --kill TARGET@ROUND[:POINT],…      kills a process with SIGKILL at that point and starts it again
            --freeze TARGET@ROUND[:POINT],…    stops it with SIGSTOP and continues it after {PlannedFault.Pause.TotalSeconds:0} s
            --isolate TARGET@ROUND[:POINT],…   cuts it off from all others for {PlannedFault.Pause.TotalSeconds:0} s

            """);
        Add(text, FaultTarget.Silo, "the host of the round");
        Add(text, FaultTarget.Shard, "the host of a shard of the round, of whichever comes first; silo.shard.1 is that of the second");
        Add(text, FaultTarget.Uplink, "with --sites, the silo of a site that speaks for it at its parent; the round is the parent's");
        Add(text, FaultTarget.Agent, "a participant of the round");
        text.Append(
            $"\nazurite, redis: the store and the membership, at the points of the silo, '{FaultPoint.DefaultOf(FaultTarget.Redis)}' where none is named\n");
        text.Append(
            """

            With --sites, a site's name and a slash stand before the target, as in harbour/silo@2:closing or harbour/agent@1; without, it is at the root.
            The round is then one of the site's own. A site numbers its rounds so that each of its parent's rounds has room for as many as 'rounds' and
            'autonomy' of its tier allow: with 2 and 1, the parent's round 2 is the site's rounds 4 to 6.

            """);
        return text.ToString();
    }

    private static void Add(StringBuilder text, FaultTarget target, string who)
    {
        text.Append($"\n{PlannedFault.NameOf(target)}: {who}\n");
        foreach (var point in FaultPoint.Of(target))
        {
            text.Append($"  {point.Name,-12}{point.Meaning}{(point == FaultPoint.DefaultOf(target) ? " (default)" : "")}\n");
        }
    }
}
