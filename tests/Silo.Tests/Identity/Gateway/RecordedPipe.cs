using System.Buffers;
using System.IO.Pipelines;
using OrleansEdge.Silo.Hosting;

namespace OrleansEdge.Silo.Tests.Identity.Gateway;

/// <summary>A connection's two ends, of which one is recorded.</summary>
/// <param name="transport">The connection's own.</param>
/// <param name="bytes">Where what is read is kept; whoever looks there while the connection lasts holds its lock.</param>
internal sealed class RecordedPipe(IDuplexPipe transport, List<byte> bytes) : IDuplexPipe
{
    public PipeReader Input { get; } = new ObservedReader(
        transport.Input,
        consumed =>
        {
            lock (bytes)
            {
                bytes.AddRange(consumed.ToArray());
            }
        });

    public PipeWriter Output => transport.Output;
}
