namespace OrleansEdge.Contracts.Models;

/// <summary>A contiguous range of the flat vector.</summary>
/// <param name="Index">The shard's number, from 0.</param>
/// <param name="Offset">The first parameter, in elements.</param>
/// <param name="Length">The number of parameters.</param>
public readonly record struct ShardRange(int Index, long Offset, int Length)
{
    /// <summary>The first parameter's place in the flat vector, in bytes.</summary>
    public long ByteOffset => Offset * sizeof(float);

    /// <summary>The shard's length in bytes.</summary>
    public int ByteLength => Length * sizeof(float);
}

/// <summary>
/// How a flat vector is cut: as few shards as the limit allows, of lengths that differ by at most one parameter, the longer ones first.
/// </summary>
public sealed record ShardPlan
{
    /// <summary>The default of <see cref="MaximumParameters"/>: 4 MiB of fp32.</summary>
    public const int DefaultMaximumParameters = 1 << 20;

    private readonly int _shortLength;
    private readonly int _longShards;

    /// <summary>Cuts a vector.</summary>
    /// <param name="weightCount">The vector's length in elements, 0 or more; a vector without elements has no shards.</param>
    /// <param name="maximumParameters">The longest shard in elements, 1 to 268,435,456 (1 GiB).</param>
    /// <exception cref="ArgumentOutOfRangeException">One of them is out of its range, or there would be more than 2³¹ − 1 shards.</exception>
    public ShardPlan(long weightCount, int maximumParameters = DefaultMaximumParameters)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(weightCount);
        ArgumentOutOfRangeException.ThrowIfLessThan(maximumParameters, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maximumParameters, 1 << 28);
        var count = weightCount / maximumParameters + (weightCount % maximumParameters == 0 ? 0 : 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, int.MaxValue, nameof(weightCount));
        WeightCount = weightCount;
        MaximumParameters = maximumParameters;
        Count = (int)count;
        _shortLength = Count == 0 ? 0 : (int)(weightCount / Count);
        _longShards = Count == 0 ? 0 : (int)(weightCount % Count);
    }

    /// <summary>The vector's length in elements.</summary>
    public long WeightCount { get; }

    /// <summary>The longest shard that was allowed, in elements.</summary>
    public int MaximumParameters { get; }

    /// <summary>The number of shards.</summary>
    public int Count { get; }

    /// <summary>The range of shard <paramref name="index"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such shard.</exception>
    public ShardRange this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
            var offset = (long)index * _shortLength + Math.Min(index, _longShards);
            return new(index, offset, index < _longShards ? _shortLength + 1 : _shortLength);
        }
    }

    /// <summary>All shards, in order.</summary>
    public IEnumerable<ShardRange> Shards => Enumerable.Range(0, Count).Select(index => this[index]);
}
