using System.Collections.Concurrent;
using System.Net;
using OrleansEdge.Contracts.Security.Transport;

namespace OrleansEdge.Silo.Hosting.Security;

/// <summary>Slows down whoever guesses: after some failures within a minute an address has to wait for the next one.</summary>
internal sealed class FailureLimiter(TimeProvider time)
{
    /// <summary>Failures of one address within the window, before it has to wait.</summary>
    public const int MostFailures = 10;

    private const int MostAddresses = 10_000;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<PeerNetwork, Failures> _addresses = [];

    /// <summary>Whether an address has to wait.</summary>
    public bool IsBlocked(IPAddress address) =>
        _addresses.TryGetValue(PeerNetwork.Of(address), out var failures) && failures.Since + Window > time.GetUtcNow() && failures.Count >= MostFailures;

    /// <summary>Counts a failure.</summary>
    public void Fail(IPAddress address)
    {
        var now = time.GetUtcNow();
        if (_addresses.Count >= MostAddresses)
        {
            foreach (var old in _addresses.Where(entry => entry.Value.Since + Window <= now))
            {
                _addresses.TryRemove(old);
            }
        }

        _addresses.AddOrUpdate(
            PeerNetwork.Of(address), _ => new(now, 1), (_, failures) => failures.Since + Window <= now ? new(now, 1) : failures with { Count = failures.Count + 1 });
    }

    private sealed record Failures(DateTimeOffset Since, int Count);
}
