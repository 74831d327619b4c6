using System.Collections.Concurrent;
using OrleansEdge.Contracts.Security;

namespace OrleansEdge.Silo.Hosting.Security;

/// <summary>The certificates that this silo has found valid on HTTPS connections, by their thumbprints.</summary>
internal sealed class RecentPeers
{
    private const int Most = 20_000;

    private readonly ConcurrentDictionary<Thumbprint, PeerCertificate> _peers = [];

    /// <summary>Remembers one.</summary>
    public void Add(PeerCertificate peer)
    {
        // All are shown again with the next request of their holders.
        if (_peers.Count >= Most && !_peers.ContainsKey(peer.Thumbprint))
        {
            _peers.Clear();
        }

        _peers[peer.Thumbprint] = peer;
    }

    /// <summary>One of them; null where it was not seen.</summary>
    public PeerCertificate? Find(Thumbprint thumbprint) => _peers.GetValueOrDefault(thumbprint);
}
