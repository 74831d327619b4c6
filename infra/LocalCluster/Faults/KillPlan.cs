namespace OrleansEdge.LocalCluster.Faults;

/// <summary>Who is killed, and when.</summary>
/// <param name="Kills">All kills, in the order in which they can happen.</param>
internal sealed record KillPlan(IReadOnlyList<PlannedKill> Kills)
{
    /// <summary>The word that asks for the list of points.</summary>
    public const string ListWord = "list";

    /// <summary>Nobody is killed.</summary>
    public static KillPlan None { get; } = new([]);

    /// <summary>Reads <c>agent@2,silo@3:closing</c>.</summary>
    /// <exception cref="FormatException">The text is something else; the message says what is allowed.</exception>
    public static KillPlan Parse(string text)
    {
        var kills = text.Split(',', StringSplitOptions.TrimEntries)
            .Select(PlannedKill.Parse)
            .OrderBy(kill => kill.Round)
            .ThenBy(kill => kill.Order)
            .ToList();
        var twice = kills.GroupBy(kill => kill).FirstOrDefault(group => group.Count() > 1);
        return twice is null ? new(kills) : throw new FormatException($"--kill has {twice.Key} twice: keep one of them.");
    }

    /// <summary>The kills of one target.</summary>
    public IReadOnlyList<PlannedKill> Of(KillTarget target) => [.. Kills.Where(kill => kill.Target == target)];

    /// <summary>Checks the plan against the number of rounds.</summary>
    /// <exception cref="FormatException">A kill could never happen.</exception>
    public void RequireWithin(int rounds)
    {
        if (Kills.FirstOrDefault(kill => kill.Round > rounds) is { } late)
        {
            throw new FormatException($"--kill has {late}, and the job has {rounds} {(rounds == 1 ? "round" : "rounds")}: " +
                $"name a round from 0 to {rounds}.");
        }
    }
}
