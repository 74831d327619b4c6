using System.Collections.Immutable;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Sites;
using OrleansEdge.Participation.Identity;

namespace OrleansEdge.Participation.Connection;

/// <summary>
/// Which entry of a site of several silos leads to which of them. Orleans' client gives each grain a gateway when it first calls it, the next in
/// turn, keeps to it as long as that gateway lives, and does not say which it is: so entries are asked where they lead, in the background and
/// once for each set of gateways. Until that is known, and wherever it fails, calls go as they would without.
/// </summary>
/// <param name="grains">The site's grains.</param>
/// <param name="silos">How many silos the site has now.</param>
/// <param name="lost">Cancelled when a connection breaks; another one afterwards.</param>
/// <param name="time">The clock.</param>
internal sealed class SiteEntries(Func<IGrainFactory> grains, Func<int> silos, Func<CancellationToken> lost, TimeProvider time)
{
    /// <summary>Other calls take turns of gateways, too, so that it may take more than one entry to come to the next silo.</summary>
    private const int EntriesForEachSilo = 4;

    private static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private Known _known = new(0, [], default);
    private long? _askedAt;
    private bool _isAsking;
    private long _next;

    /// <summary>The entry to a silo; null where it is not known.</summary>
    /// <param name="silo">The silo's number.</param>
    public IEntryGrain? To(int silo) => silo == 0 ? null : Entry(Current(), silo);

    /// <summary>The entry to the silo that is to serve some content, so that one silo reads it from the store for all; null where not all silos are known.</summary>
    /// <param name="content">The content.</param>
    public IEntryGrain? For(ContentHash content)
    {
        var known = Current();
        return known.Silos > 1 && known.Keys.Count == known.Silos ? Entry(known, EntryChoice.Choose(content, known.Keys.Keys)) : null;
    }

    private IEntryGrain? Entry(Known known, int silo) => known.Keys.TryGetValue(silo, out var key) ? grains().GetGrain<IEntryGrain>(key) : null;

    /// <summary>What is known of the gateways as they are now; begins to ask where that is not all.</summary>
    private Known Current()
    {
        var (count, token) = (silos(), lost());
        lock (_gate)
        {
            // A connection that breaks may come back through another gateway.
            if (_known.Silos != count || _known.Lost != token)
            {
                _known = new(count, [], token);
                _askedAt = null;
            }

            if (count > 1 && _known.Keys.Count < count && !_isAsking && (_askedAt is not { } at || time.GetElapsedTime(at) >= Pause))
            {
                _isAsking = true;
                _ = Ask(_known);
            }

            return _known;
        }
    }

    private async Task Ask(Known asked)
    {
        // The first call is made by whoever holds the lock.
        await Task.Yield();
        try
        {
            for (var count = 0; count < asked.Silos * EntriesForEachSilo; count++)
            {
                var key = Interlocked.Increment(ref _next);
                var silo = await AccessTokenSource.Call(() => grains().GetGrain<IEntryGrain>(key).GetSilo().AsTask()).WaitAsync(CallLimit, time, asked.Lost);
                if (!Learn(asked, silo, key))
                {
                    return;
                }
            }
        }
        catch (Exception exception) when (exception is ObjectDisposedException or ParticipantRefusedException
            || RetryPolicy.IsTransient(exception, CancellationToken.None))
        {
            // What is not known is not used.
        }
        finally
        {
            lock (_gate)
            {
                _isAsking = false;
                _askedAt = IsStill(asked) ? time.GetTimestamp() : null;
            }
        }
    }

    private bool IsStill(Known asked) => _known.Silos == asked.Silos && _known.Lost == asked.Lost;

    /// <summary>Whether there is more to learn.</summary>
    private bool Learn(Known asked, int silo, long key)
    {
        lock (_gate)
        {
            if (!IsStill(asked))
            {
                return false;
            }

            _known = _known with { Keys = _known.Keys.SetItem(silo, key) };
            return _known.Keys.Count < asked.Silos;
        }
    }

    /// <param name="Silos">How many silos there are.</param>
    /// <param name="Keys">The key of the entry to each silo.</param>
    /// <param name="Lost">Tells one set of connections from the next.</param>
    private sealed record Known(int Silos, ImmutableDictionary<int, long> Keys, CancellationToken Lost);
}
