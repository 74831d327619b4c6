using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Rounds;

namespace OrleansEdge.Grains.Rounds;

/// <summary>
/// Permits to upload: leases on the bytes that a silo lets participants have in flight at once, which is what bounds its receive buffers.
/// A lease is renewed by each chunk, expires when chunks stop coming, and ends when the upload is staged. It is never held until the fold:
/// participants that wait for each other's commits would then wait for each other's permits.
/// </summary>
/// <param name="capacity">Bytes in all; at least one lease is always granted, whatever its size.</param>
/// <param name="share">Bytes of one participant; so for each. One that takes leases and sends nothing keeps no others from theirs.</param>
/// <param name="lifetime">How long a lease lives without being renewed.</param>
/// <param name="time">The clock.</param>
internal sealed class PermitBudget(long capacity, long share, TimeSpan lifetime, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(ShardKey Shard, ParticipantId Participant), (long Bytes, DateTimeOffset Expires)> _leases = [];
    private readonly Dictionary<ParticipantId, long> _shares = [];
    private long _used;

    /// <summary>The number of leases that have not ended or been found expired.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _leases.Count;
            }
        }
    }

    /// <summary>The bytes of those leases.</summary>
    public long Used
    {
        get
        {
            lock (_lock)
            {
                return _used;
            }
        }
    }

    /// <summary>Renews the lease of an upload, or takes one where there is room.</summary>
    public bool TryRenew(ShardKey shard, ParticipantId participant, long bytes)
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            var key = (shard, participant);
            if (_leases.TryGetValue(key, out var lease))
            {
                _leases[key] = (lease.Bytes, now + lifetime);
                return true;
            }

            if (!HasRoom(participant, bytes))
            {
                Expire(now);
            }

            if (!HasRoom(participant, bytes))
            {
                return false;
            }

            _leases.Add(key, (bytes, now + lifetime));
            Add(participant, bytes);
            return true;
        }
    }

    /// <summary>Ends a lease; does nothing where there is none.</summary>
    public void End(ShardKey shard, ParticipantId participant)
    {
        lock (_lock)
        {
            if (_leases.Remove((shard, participant), out var lease))
            {
                Add(participant, -lease.Bytes);
            }
        }
    }

    private bool HasRoom(ParticipantId participant, long bytes) =>
        (_used + bytes <= capacity || _leases.Count == 0) && (!_shares.TryGetValue(participant, out var own) || own + bytes <= share);

    private void Add(ParticipantId participant, long bytes)
    {
        _used += bytes;
        var own = _shares.GetValueOrDefault(participant) + bytes;
        if (own > 0)
        {
            _shares[participant] = own;
        }
        else
        {
            _shares.Remove(participant);
        }
    }

    private void Expire(DateTimeOffset now)
    {
        foreach (var (key, lease) in _leases.Where(entry => entry.Value.Expires <= now).ToList())
        {
            _leases.Remove(key);
            Add(key.Participant, -lease.Bytes);
        }
    }
}
