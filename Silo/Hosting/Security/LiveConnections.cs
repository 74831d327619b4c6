using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;
using OrleansEdge.Contracts.Security;
using OrleansEdge.Grains.Enrolment;

namespace OrleansEdge.Silo.Hosting.Security;

/// <summary>The secured connections that are open, so that whoever is shut out, or whose certificate expires, does not stay on one.</summary>
internal sealed class LiveConnections
{
    private readonly ConcurrentDictionary<Entry, byte> _entries = [];
    private readonly TimeProvider _time;

    /// <summary>Begins to follow the revocations.</summary>
    public LiveConnections(RevocationList revocations, TimeProvider time)
    {
        _time = time;
        revocations.Revoked += revocation => Abort(entry => entry.Peer.Key == revocation.Key, revocation.Sentence);
    }

    /// <summary>How many there are.</summary>
    public int Count => _entries.Count;

    /// <summary>Takes one into account.</summary>
    /// <returns>Disposed of when it has ended.</returns>
    public IDisposable Enter(PeerCertificate peer, ConnectionContext connection)
    {
        var entry = new Entry(this, peer, connection);
        _entries[entry] = 0;
        return entry;
    }

    /// <summary>Ends those whose certificates have expired; their holders come back with new ones.</summary>
    public void AbortExpired()
    {
        var now = _time.GetUtcNow();
        Abort(entry => entry.Peer.NotAfter <= now, "the certificate of this connection has expired");
    }

    private void Abort(Func<Entry, bool> which, string sentence)
    {
        foreach (var entry in _entries.Keys.Where(which))
        {
            entry.Connection.Abort(new ConnectionAbortedException(sentence));
        }
    }

    private sealed class Entry(LiveConnections owner, PeerCertificate peer, ConnectionContext connection) : IDisposable
    {
        public PeerCertificate Peer => peer;

        public ConnectionContext Connection => connection;

        public void Dispose() => owner._entries.TryRemove(this, out _);
    }
}
