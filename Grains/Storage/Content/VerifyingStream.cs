using System.Security.Cryptography;
using OrleansEdge.Contracts.Identifiers;

namespace OrleansEdge.Grains.Storage.Content;

/// <summary>A forward-only stream that compares what passed with a hash when it comes to the end.</summary>
internal sealed class VerifyingStream(Stream inner, ContentHash expected, string place) : ForwardStream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private bool _verified;

    public override long Length => inner.Length;

    public override int Read(Span<byte> buffer)
    {
        var read = inner.Read(buffer);
        return Pass(buffer[..read], buffer.Length);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        return Pass(buffer.Span[..read], buffer.Length);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _hash.Dispose();
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Pass(ReadOnlySpan<byte> read, int asked)
    {
        _hash.AppendData(read);
        if (read.IsEmpty && asked > 0 && !_verified)
        {
            _verified = ContentHash.FromBytes(_hash.GetHashAndReset()) == expected
                ? true
                : throw DamagedContentException.Differs(expected, place);
        }

        return Pass(read.Length);
    }
}
