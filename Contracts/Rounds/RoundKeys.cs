using System.Globalization;
using OrleansEdge.Contracts.Identifiers;

namespace OrleansEdge.Contracts.Rounds;

/// <summary>One round of a job, written <c>job:number</c>. Round 0 makes version 0; training begins with round 1.</summary>
/// <param name="Job">The job.</param>
/// <param name="Number">The round's number, from 0.</param>
[GenerateSerializer, Immutable, Alias(Aliases.RoundKey)]
public readonly record struct RoundKey([property: Id(0)] JobId Job, [property: Id(1)] int Number)
{
    /// <summary>Reads <c>job:number</c>.</summary>
    /// <exception cref="FormatException">The text is something else.</exception>
    public static RoundKey Parse(string? text)
    {
        var parts = (text ?? "").Split(':');
        return parts.Length == 2 && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new(JobId.Parse(parts[0]), number)
            : throw new FormatException($"'{text}' is not a round: a round is written JOB:NUMBER.");
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Job}:{Number}");
}

/// <summary>One shard of a round, written <c>job:round:shard</c>.</summary>
/// <param name="Round">The round.</param>
/// <param name="Index">The shard's index, from 0.</param>
[GenerateSerializer, Immutable, Alias(Aliases.ShardKey)]
public readonly record struct ShardKey([property: Id(0)] RoundKey Round, [property: Id(1)] int Index)
{
    /// <summary>Reads <c>job:round:shard</c>.</summary>
    /// <exception cref="FormatException">The text is something else.</exception>
    public static ShardKey Parse(string? text)
    {
        var separator = (text ?? "").LastIndexOf(':');
        return separator > 0 && int.TryParse(text.AsSpan(separator + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            ? new(RoundKey.Parse(text![..separator]), index)
            : throw new FormatException($"'{text}' is not a shard: a shard is written JOB:ROUND:SHARD.");
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Round}:{Index}");
}
