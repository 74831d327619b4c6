using System.Globalization;
using OrleansEdge.Contracts.Faults;

namespace OrleansEdge.LocalCluster.Faults;

/// <summary>What can be killed.</summary>
internal enum KillTarget
{
    /// <summary>The host of the round.</summary>
    Silo = 0,

    /// <summary>A participant of the round.</summary>
    Agent = 1,
}

/// <summary>One kill: <c>silo@3:closing</c>.</summary>
/// <param name="Target">What is killed.</param>
/// <param name="Round">In which round; 0 is the one that makes version 0.</param>
/// <param name="Point">At which point of the round.</param>
internal sealed record PlannedKill(KillTarget Target, int Round, string Point)
{
    /// <summary>The point where the user names none: the list of contributors is fixed, and no shard is folded.</summary>
    public const string DefaultSiloPoint = SiloKillPoints.Closing;

    /// <summary>The point where the user names none: the silo holds a part of the update.</summary>
    public const string DefaultAgentPoint = AgentKillPoints.Uploading;

    /// <summary>What a target is called in a plan and in a report.</summary>
    public static string NameOf(KillTarget target) => target == KillTarget.Silo ? "silo" : "agent";

    /// <summary>The points of a target, in the order of a round.</summary>
    public static IReadOnlyList<string> PointsOf(KillTarget target) => target == KillTarget.Silo ? SiloKillPoints.All : AgentKillPoints.All;

    /// <summary>Where the point lies in its round, from 0.</summary>
    public int Order => PointsOf(Target).ToList().IndexOf(Point);

    /// <summary>One entry of <see cref="KillSwitch.Variable"/>.</summary>
    public string Variable => string.Create(CultureInfo.InvariantCulture, $"{Round}:{Point}");

    /// <summary>Reads <c>TARGET@ROUND[:POINT]</c>.</summary>
    /// <exception cref="FormatException">The text is something else; the message says what is allowed.</exception>
    public static PlannedKill Parse(string text)
    {
        var at = text.IndexOf('@', StringComparison.Ordinal);
        KillTarget? target = (at < 0 ? text : text[..at]) switch
        {
            "silo" => KillTarget.Silo,
            "agent" => KillTarget.Agent,
            _ => null,
        };
        if (target is null || at < 0)
        {
            throw new FormatException($"--kill has '{text}': write silo@ROUND or agent@ROUND, with :POINT if you like, " +
                "such as agent@2 or silo@3:closing.");
        }

        var rest = text[(at + 1)..].Split(':', 2);
        if (!int.TryParse(rest[0], NumberStyles.None, CultureInfo.InvariantCulture, out var round))
        {
            throw new FormatException($"--kill has '{text}': after the '@' comes the number of a round, from 0.");
        }

        var points = PointsOf(target.Value);
        var point = rest.Length == 2 ? rest[1] : target == KillTarget.Silo ? DefaultSiloPoint : DefaultAgentPoint;
        return points.Contains(point)
            ? new(target.Value, round, point)
            : throw new FormatException($"--kill has '{text}': '{point}' is not one of the points {string.Join(", ", points)}; " +
                "'--kill list' explains them.");
    }

    /// <inheritdoc/>
    public override string ToString() => $"{NameOf(Target)}@{Variable}";
}
