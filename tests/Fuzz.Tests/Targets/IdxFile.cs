using System.Buffers.Binary;
using System.IO.Compression;

namespace OrleansEdge.Fuzz.Tests.Targets;

/// <summary>Makes IDX files.</summary>
internal static class IdxFile
{
    private const int Side = 28;

    public static byte[] Images(int count)
    {
        var file = new byte[16 + (count * Side * Side)];
        foreach (var (index, number) in new[] { 0x0803, count, Side, Side }.Index())
        {
            BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(4 * index), number);
        }

        return file;
    }

    public static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }
}
