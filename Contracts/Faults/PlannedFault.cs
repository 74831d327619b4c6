using System.Globalization;

namespace OrleansEdge.Contracts.Faults;

/// <summary>One fault, which happens once in a whole cluster: <c>kill silo@3:closing</c>.</summary>
/// <param name="Action">What is done.</param>
/// <param name="Target">What it is done to.</param>
/// <param name="Round">In which round; 0 is the one that makes version 0.</param>
/// <param name="Point">At which point of the round.</param>
/// <param name="Shard">Of which shard the struck silo is the host, from 0, as in <c>silo.shard.1@3</c>; null: of whichever comes first.</param>
public sealed record PlannedFault(FaultAction Action, FaultTarget Target, int Round, FaultPoint Point, int? Shard = null)
{
    /// <summary>How long a process is stopped or cut off.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    private const string ShardPrefix = "silo.shard.";

    private static readonly Dictionary<string, FaultTarget> Targets = new(StringComparer.Ordinal)
    {
        ["silo"] = FaultTarget.Silo,
        ["silo.shard"] = FaultTarget.Shard,
        ["silo.uplink"] = FaultTarget.Uplink,
        ["agent"] = FaultTarget.Agent,
        ["azurite"] = FaultTarget.Azurite,
        ["redis"] = FaultTarget.Redis,
    };

    /// <summary>The action's name: <c>kill</c>.</summary>
    public string ActionName => NameOf(Action);

    /// <summary>The target's name: <c>silo.shard</c>, or <c>silo.shard.1</c>.</summary>
    public string TargetName => Shard is { } shard ? string.Create(CultureInfo.InvariantCulture, $"{ShardPrefix}{shard}") : NameOf(Target);

    /// <summary>Where the point lies in its round, from 0.</summary>
    public int Order => FaultPoint.Of(Target).ToList().IndexOf(Point);

    /// <summary>The name of a target, as plans have it.</summary>
    public static string NameOf(FaultTarget target) => Targets.First(pair => pair.Value == target).Key;

    /// <summary>The name of an action, as plans and options have it.</summary>
    public static string NameOf(FaultAction action) => action switch
    {
        FaultAction.Freeze => "freeze",
        FaultAction.Isolate => "isolate",
        _ => "kill",
    };

    /// <summary>Reads <c>ACTION TARGET@ROUND[:POINT]</c>.</summary>
    /// <exception cref="FormatException">The text is something else; the message says what is allowed.</exception>
    public static PlannedFault Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var words = text.Split(' ', 2, StringSplitOptions.TrimEntries);
        foreach (var action in Enum.GetValues<FaultAction>())
        {
            if (words.Length == 2 && words[0] == NameOf(action))
            {
                return Parse(action, words[1]);
            }
        }

        throw new FormatException($"The fault '{text}' cannot be used: it begins with kill, freeze or isolate, as in kill silo@3:closing.");
    }

    /// <summary>Reads <c>TARGET@ROUND[:POINT]</c>.</summary>
    /// <exception cref="FormatException">The text is something else; the message says what is allowed.</exception>
    public static PlannedFault Parse(FaultAction action, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = text.Split('@', 2);
        if (parts.Length < 2 || !TryReadTarget(parts[0], out var target, out var shard))
        {
            throw Refuse(action, text, $"write TARGET@ROUND, with :POINT if you like, such as silo@3:closing; the targets are {string.Join(", ", Targets.Keys)}");
        }

        var rest = parts[1].Split(':', 2);
        if (!int.TryParse(rest[0], NumberStyles.None, CultureInfo.InvariantCulture, out var round))
        {
            throw Refuse(action, text, "after the '@' comes the number of a round, from 0");
        }

        var points = FaultPoint.Of(target);
        var point = rest.Length < 2 ? FaultPoint.DefaultOf(target) : points.FirstOrDefault(known => known.Name == rest[1]);
        return point is not null
            ? new(action, target, round, point, shard)
            : throw Refuse(action, text, $"'{rest[1]}' is not one of the points {string.Join(", ", points)}; '--kill list' explains them");
    }

    private static bool TryReadTarget(string text, out FaultTarget target, out int? shard)
    {
        shard = null;
        if (text.StartsWith(ShardPrefix, StringComparison.Ordinal)
            && int.TryParse(text.AsSpan(ShardPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            (target, shard) = (FaultTarget.Shard, number);
            return true;
        }

        return Targets.TryGetValue(text, out target);
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{ActionName} {TargetName}@{Round}:{Point}");

    private static FormatException Refuse(FaultAction action, string text, string sentence) =>
        new($"--{NameOf(action)} has '{text}': {sentence}.");
}
