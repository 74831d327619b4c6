using System.Buffers.Binary;
using System.IO.Compression;

namespace OrleansEdge.EdgeAgent.Tests.Data.Images;

/// <summary>Makes IDX files.</summary>
internal static class IdxBytes
{
    public static byte[] Images(int count, int declared = -1, int side = 28) =>
        Make([declared < 0 ? count : declared, side, side], [.. Enumerable.Range(0, count * side * side).Select(index => (byte)(index % 251))]);

    public static byte[] Labels(params byte[] labels) => Make([labels.Length], labels);

    public static byte[] Make(int[] sizes, byte[] elements)
    {
        var header = new byte[4 + (4 * sizes.Length)];
        BinaryPrimitives.WriteInt32BigEndian(header, 0x0800 | sizes.Length);
        for (var index = 0; index < sizes.Length; index++)
        {
            BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4 + (4 * index)), sizes[index]);
        }

        return [.. header, .. elements];
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

    /// <summary>Writes the four files, each with as many images as labels.</summary>
    public static void WriteSet(TestFolder folder, byte[] trainLabels, byte[] testLabels)
    {
        folder.Write("train-images-idx3-ubyte", Images(trainLabels.Length));
        folder.Write("train-labels-idx1-ubyte.gz", Gzip(Labels(trainLabels)));
        folder.Write("t10k-images-idx3-ubyte.gz", Gzip(Images(testLabels.Length)));
        folder.Write("t10k-labels-idx1-ubyte", Labels(testLabels));
    }
}
