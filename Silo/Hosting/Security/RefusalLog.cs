using System.Collections.Concurrent;
using System.Net;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Security.Transport;
using OrleansEdge.Grains.Audit;

namespace OrleansEdge.Silo.Hosting.Security;

/// <summary>Tells of connections and requests that were refused: the first of a kind at once, and then how many there were, so that a flood does not fill the log.</summary>
internal sealed partial class RefusalLog(IAuditLog audit, TimeProvider time, ILogger<RefusalLog> logger)
{
    private const int MostKinds = 1000;
    private const int LongestSentence = 300;

    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<(string Port, string From, string Sentence), Kind> _kinds = [];
    private long _count;

    /// <summary>How many were refused since the silo started.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <summary>Tells of one.</summary>
    /// <param name="port">Where.</param>
    /// <param name="from">From where.</param>
    /// <param name="who">Whom its certificate names; null for nobody.</param>
    /// <param name="sentence">Why.</param>
    public void Refused(string port, EndPoint? from, ParticipantId? who, string sentence)
    {
        Interlocked.Increment(ref _count);
        sentence = PrintableText.Clean(sentence, LongestSentence);
        var address = from is IPEndPoint endpoint ? PeerNetwork.Plain(endpoint.Address).ToString() : from?.ToString() ?? "?";
        audit.Denied(new(who?.Value ?? "anonymous", $"use {port}", AuditOutcome.Denied, From: address, Detail: sentence));
        if (_kinds.Count >= MostKinds)
        {
            _kinds.Clear();
        }

        var kind = _kinds.GetOrAdd((port, address, sentence), _ => new());
        lock (kind)
        {
            kind.Since++;
            var now = time.GetUtcNow();
            if (now - kind.ToldAt < Quiet)
            {
                return;
            }

            LogRefused(port, address, who?.Value ?? "somebody", sentence, kind.Since);
            (kind.ToldAt, kind.Since) = (now, 0);
        }
    }

    private sealed class Kind
    {
        public DateTimeOffset ToldAt { get; set; }

        public int Since { get; set; }
    }

    [LoggerMessage(LogLevel.Warning, "Refused at the {Port} from {From}, {Who}: {Sentence} ({Times} times)")]
    private partial void LogRefused(string port, string from, string who, string sentence, int times);
}
