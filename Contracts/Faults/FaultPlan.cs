namespace OrleansEdge.Contracts.Faults;

/// <summary>What is done to a cluster, and when.</summary>
/// <param name="Faults">All faults, in the order in which they can happen.</param>
public sealed record FaultPlan(IReadOnlyList<PlannedFault> Faults)
{
    /// <summary>Nothing is done.</summary>
    public static FaultPlan None { get; } = new([]);

    /// <summary>Reads faults with commas between them: <c>kill silo@2:collecting, freeze agent@3</c>.</summary>
    /// <exception cref="FormatException">The text is something else; the message says what is allowed.</exception>
    public static FaultPlan Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Of(text.Split(',', StringSplitOptions.TrimEntries).Select(PlannedFault.Parse));
    }

    /// <summary>Puts faults in their order.</summary>
    /// <exception cref="FormatException">One of them is there twice, or could never happen.</exception>
    public static FaultPlan Of(IEnumerable<PlannedFault> faults)
    {
        var sorted = faults.OrderBy(fault => fault.Round).ThenBy(fault => fault.Target).ThenBy(fault => fault.Order).ToList();
        return sorted.GroupBy(fault => fault).FirstOrDefault(group => group.Count() > 1) is { } twice
            ? throw new FormatException($"'{twice.Key}' is asked for twice: keep one of them.")
            : sorted.Count == 0 ? None : new(sorted);
    }

    /// <summary>Checks the plan against the number of rounds.</summary>
    /// <exception cref="FormatException">A fault could never happen.</exception>
    public void RequireWithin(int rounds)
    {
        if (Faults.FirstOrDefault(fault => fault.Round > rounds) is { } late)
        {
            throw new FormatException($"'{late}' is asked for, and the job has {rounds} {(rounds == 1 ? "round" : "rounds")}: " +
                $"name a round from 0 to {rounds}.");
        }
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", Faults);
}
