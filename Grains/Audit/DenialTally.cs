using System.Collections.Immutable;

namespace OrleansEdge.Grains.Audit;

/// <summary>
/// Counts equal denials together. A flood costs a fixed room: so many different ones are kept, and the rest only counted; while denials go on
/// coming, they are handed out ever more rarely.
/// </summary>
internal sealed class DenialTally(TimeProvider time)
{
    /// <summary>How many different denials are kept at once.</summary>
    public const int Kept = 64;

    /// <summary>The longest that a denial waits.</summary>
    public static readonly TimeSpan LongestInterval = TimeSpan.FromMinutes(5);

    /// <summary>How long the first denial after a quiet time waits.</summary>
    public static readonly TimeSpan ShortestInterval = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly Dictionary<AuditEntry, (DateTimeOffset First, long Count)> _counts = [];
    private (DateTimeOffset First, long Count) _others;
    private TimeSpan _interval = ShortestInterval;
    private DateTimeOffset _takenAt = DateTimeOffset.MinValue;

    /// <summary>Counts one.</summary>
    public void Add(AuditEntry entry)
    {
        var now = time.GetUtcNow();
        lock (_lock)
        {
            if (_counts.TryGetValue(entry, out var counted))
            {
                _counts[entry] = counted with { Count = counted.Count + 1 };
            }
            else if (_counts.Count < Kept)
            {
                _counts[entry] = (now, 1);
            }
            else
            {
                _others = (_others.Count == 0 ? now : _others.First, _others.Count + 1);
            }
        }
    }

    /// <summary>What is to be written now; nothing before its time.</summary>
    /// <param name="all">Whatever is there, since nothing comes after it.</param>
    public ImmutableArray<AuditRecord> Take(bool all = false)
    {
        var now = time.GetUtcNow();
        lock (_lock)
        {
            if (_counts.Count == 0)
            {
                if (now - _takenAt >= _interval)
                {
                    _interval = ShortestInterval;
                }

                return [];
            }

            if (!all && now - _takenAt < _interval)
            {
                return [];
            }

            var records = _counts.Select(pair => new AuditRecord(pair.Value.First, pair.Key, pair.Value.Count)).OrderBy(record => record.At).ToList();
            if (_others.Count > 0)
            {
                records.Add(new(_others.First, new("various", "other calls", AuditOutcome.Denied), _others.Count));
            }

            _counts.Clear();
            _others = default;
            _takenAt = now;
            _interval = TimeSpan.FromTicks(Math.Min(_interval.Ticks * 2, LongestInterval.Ticks));
            return [.. records];
        }
    }
}
