using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;
using OrleansEdge.Contracts.Security;
using OrleansEdge.Contracts.Security.Transport;

namespace OrleansEdge.Silo.Tests.Hosting.Security;

/// <summary>A gate that remembers whom it refused.</summary>
internal sealed class RecordingGate(IPeerGate inner) : IPeerGate
{
    private readonly Channel<string> _refusals = Channel.CreateUnbounded<string>();

    /// <summary>Those that nobody has asked for yet.</summary>
    public IEnumerable<string> Refusals
    {
        get
        {
            while (_refusals.Reader.TryRead(out var refusal))
            {
                yield return refusal;
            }
        }
    }

    /// <summary>The next one.</summary>
    public Task<string> NextRefusal() => _refusals.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask();

    public IDisposable Enter(PeerCertificate peer, ConnectionContext connection) => inner.Enter(peer, connection);

    public string? Refuse(PeerCertificate peer) => inner.Refuse(peer);

    public void OnRefused(EndPoint? from, PeerCertificate? peer, string sentence)
    {
        inner.OnRefused(from, peer, sentence);
        _refusals.Writer.TryWrite(sentence);
    }
}
