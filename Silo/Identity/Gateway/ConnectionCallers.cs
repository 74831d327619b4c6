using System.Buffers;
using System.Collections.Concurrent;
using System.Text;
using OrleansEdge.Silo.Hosting.Limits;

namespace OrleansEdge.Silo.Identity.Gateway;

/// <summary>
/// Takes each message of a connection from the budget of its caller; what carries no valid token, from the connection's own. One thread at a time.
/// </summary>
internal sealed class ConnectionCallers(CallerRates rates)
{
    private const int MostRemembered = 4096;

    private readonly RateBudget _own = rates.Create();
    private readonly ConcurrentDictionary<int, RateBudget> _known = [];
    private byte[] _lastToken = [];
    private RateBudget? _last;

    /// <summary>Takes one message.</summary>
    /// <param name="token">What the message carries as its token; empty for none.</param>
    /// <returns>How long to wait before reading the next message.</returns>
    public TimeSpan Charge(ReadOnlySequence<byte> token) => (token.IsEmpty ? _own : token.IsSingleSegment ? Find(token.FirstSpan) : Find(token.ToArray())).Take(1);

    private RateBudget Find(ReadOnlySpan<byte> token)
    {
        if (_last is not null && token.SequenceEqual(_lastToken))
        {
            return _last;
        }

        // Seeded by the process, so that nobody outside can make two tokens fall together.
        var hash = default(HashCode);
        hash.AddBytes(token);
        var key = hash.ToHashCode();
        if (!_known.TryGetValue(key, out var budget))
        {
            return Learn(key, Encoding.Latin1.GetString(token));
        }

        _lastToken = token.ToArray();
        _last = budget;
        return budget;
    }

    /// <summary>Until it is known whose it is, and if it is nobody's, it counts as the connection's.</summary>
    private RateBudget Learn(int key, string token)
    {
        if (_known.Count >= MostRemembered)
        {
            _known.Clear();
        }

        _known[key] = _own;
        var found = rates.Find(token);
        if (!found.IsCompleted)
        {
            _ = Keep(key, found.AsTask());
            return _own;
        }

        return found.IsCompletedSuccessfully && found.Result is { } budget ? _known[key] = budget : _own;
    }

    private async Task Keep(int key, Task<RateBudget?> found)
    {
        await ((Task)found).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (found.IsCompletedSuccessfully)
        {
            if (found.Result is { } budget)
            {
                _known[key] = budget;
                _last = null;
            }
        }
        else
        {
            // The keys of the site's other silos could not be read: the next message asks again.
            _known.TryRemove(key, out _);
        }
    }
}
