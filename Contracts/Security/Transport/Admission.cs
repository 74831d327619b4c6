using System.Buffers.Binary;
using System.Text;

namespace OrleansEdge.Contracts.Security.Transport;

/// <summary>
/// The first words of a secured connection, from the end that listens: that the other may go on, or in one sentence why not. TLS itself could
/// only break the connection.
/// </summary>
/// <remarks>Four bytes: 1 for admitted or 2 for refused, a zero, and the length of the sentence in UTF-8, 16 bits little-endian; then the sentence.</remarks>
internal static class Admission
{
    private const byte Admitted = 1;
    private const byte Refused = 2;
    private const int HeaderLength = 4;
    private const int LongestSentence = 1024;

    /// <summary>Says it.</summary>
    /// <param name="stream">The connection.</param>
    /// <param name="refusal">Why not; null to admit.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task Write(Stream stream, string? refusal, CancellationToken cancellation)
    {
        var sentence = Encoding.UTF8.GetBytes(refusal is null || refusal.Length <= LongestSentence / 4 ? refusal ?? "" : refusal[..(LongestSentence / 4)]);
        var frame = new byte[HeaderLength + sentence.Length];
        frame[0] = refusal is null ? Admitted : Refused;
        BinaryPrimitives.WriteUInt16LittleEndian(frame.AsSpan(2), (ushort)sentence.Length);
        sentence.CopyTo(frame.AsSpan(HeaderLength));
        await stream.WriteAsync(frame, cancellation);
        await stream.FlushAsync(cancellation);
    }

    /// <summary>Hears it.</summary>
    /// <returns>Why not; null when admitted.</returns>
    /// <exception cref="IOException">The other end says something else, or nothing.</exception>
    public static async Task<string?> Read(Stream stream, CancellationToken cancellation)
    {
        var header = new byte[HeaderLength];
        await stream.ReadExactlyAsync(header, cancellation);
        var length = BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(2));
        switch (header[0], length)
        {
            case (Admitted, 0):
                return null;
            case (Refused, > 0 and <= LongestSentence):
                var sentence = new byte[length];
                await stream.ReadExactlyAsync(sentence, cancellation);
                return Encoding.UTF8.GetString(sentence);
            default:
                throw new IOException("the other end does not speak as a secured site does: it may be of another release");
        }
    }
}
