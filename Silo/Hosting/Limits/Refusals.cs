using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using OrleansEdge.Contracts.Telemetry;

namespace OrleansEdge.Silo.Hosting.Limits;

/// <summary>What a gateway does not put up with.</summary>
internal enum RefusalReason
{
    /// <summary>Too many connections at once.</summary>
    Connections = 0,

    /// <summary>Too many new connections a second.</summary>
    NewConnections = 1,

    /// <summary>A connection that does not say who it is.</summary>
    Handshake = 2,

    /// <summary>A message that is too large.</summary>
    Oversize = 3,

    /// <summary>A message that does not end.</summary>
    SlowMessage = 4,

    /// <summary>Too many messages or bytes a second: they wait.</summary>
    Rate = 5,

    /// <summary>Too many calls at once.</summary>
    Calls = 6,

    /// <summary>A message that is not whole, or nests too deep.</summary>
    Malformed = 7,

    /// <summary>Too many calls a second of one caller: they wait.</summary>
    CallerRate = 8,
}

/// <summary>
/// Counts what was refused, and logs it once for each peer and reason until the peer is forgotten. What it remembers is bounded: a flood of peers
/// is counted, and its first thousands are logged.
/// </summary>
internal sealed partial class Refusals(GatewayLimitOptions options, TimeProvider time, ILogger<Refusals> logger)
{
    private const int MostRemembered = 4096;

    private static readonly Counter<long> Refused = OrleansEdgeTelemetry.Meter.CreateCounter<long>("orleansedge.gateway.refused", "{refusal}");

    private readonly ConcurrentDictionary<(string Peer, RefusalReason Reason), DateTimeOffset> _seen = [];
    private long _count;

    /// <summary>How much was refused so far.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <summary>How many peers and reasons are remembered.</summary>
    public int Remembered => _seen.Count;

    /// <summary>Notes a refusal.</summary>
    /// <param name="peer">Who: an address, a certificate or a device.</param>
    /// <param name="reason">Why.</param>
    /// <param name="sentence">What it did and what was done, for the log.</param>
    public void Note(string peer, RefusalReason reason, string sentence)
    {
        Interlocked.Increment(ref _count);
        Refused.Add(1, new KeyValuePair<string, object?>("reason", reason.ToString()));
        var now = time.GetUtcNow();
        var isKnown = _seen.ContainsKey((peer, reason));
        if (!isKnown && _seen.Count >= MostRemembered)
        {
            return;
        }

        _seen[(peer, reason)] = now;
        if (!isKnown)
        {
            LogRefused(peer, sentence, options.Memory);
        }
    }

    /// <summary>Forgets peers that have been good since.</summary>
    public void Forget()
    {
        var horizon = time.GetUtcNow() - options.Memory;
        foreach (var entry in _seen.Where(entry => entry.Value < horizon).ToList())
        {
            _seen.TryRemove(entry);
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Peer} {Sentence} (Not logged again until it has been good for {Memory}.)")]
    private partial void LogRefused(string peer, string sentence, TimeSpan memory);
}
