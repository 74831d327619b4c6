using System.Buffers.Binary;
using System.IO.Compression;

namespace OrleansEdge.EdgeAgent.Data.Images;

/// <summary>
/// Reads a file in the IDX format of bytes: two zero bytes, the type 8, the number of dimensions, the size of each as a big-endian 32-bit
/// number, then the elements. Whether the file is gzipped is told by its first bytes, not by its name.
/// </summary>
internal static class IdxReader
{
    private const int UnsignedByte = 8;

    /// <summary>The most items of a file: a small gzipped one could otherwise claim, and deliver, as much as there is memory.</summary>
    public const int MaximumItems = 1_000_000;

    // What a header claims is believed only as far as bytes arrive.
    private const int FirstBuffer = 1 << 20;

    /// <summary>Reads a whole file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="dimensionCount">3 for images, 1 for labels.</param>
    /// <param name="first">
    /// Keeps the first items of the first dimension only, at most so many; the rest of the file is verified all the same. Null keeps all.
    /// </param>
    /// <returns>The sizes in the file, and the elements that are kept, as many as the product of the sizes if all are.</returns>
    /// <exception cref="DataException">The file is missing, truncated, too long, damaged, of another kind, or has too many items.</exception>
    public static (int[] Sizes, byte[] Elements) Read(string path, int dimensionCount, int? first = null)
    {
        using var file = FileAccessErrors.OpenForReading(path);
        return Read(file, path, dimensionCount, first);
    }

    /// <summary>As <see cref="Read(string, int, int?)"/>, of a stream that can seek.</summary>
    public static (int[] Sizes, byte[] Elements) Read(Stream stream, string name, int dimensionCount, int? first = null)
    {
        try
        {
            using var content = OpenContent(stream);
            var sizes = ReadHeader(content, name, dimensionCount);
            return (sizes, ReadElements(content, name, sizes, first));
        }
        catch (InvalidDataException exception)
        {
            throw new DataException($"The file '{name}' is a damaged gzip file: fetch it again.", exception);
        }
        catch (IOException exception)
        {
            throw FileAccessErrors.Explain(name, exception);
        }
    }

    /// <summary>The stream itself, or what it holds where it is gzipped. The stream must be able to seek, and stays open.</summary>
    internal static Stream OpenContent(Stream stream)
    {
        var gzipped = stream.ReadByte() == 0x1F && stream.ReadByte() == 0x8B;
        stream.Position = 0;
        return gzipped ? new GZipStream(stream, CompressionMode.Decompress, leaveOpen: true) : new BufferedStream(stream);
    }

    private static int[] ReadHeader(Stream content, string name, int dimensionCount)
    {
        var header = new byte[4 + (4 * dimensionCount)];
        if (content.ReadAtLeast(header.AsSpan(0, 4), 4, throwOnEndOfStream: false) < 4)
        {
            throw Truncated(name, "in its header");
        }

        var magic = BinaryPrimitives.ReadInt32BigEndian(header);
        var expected = (UnsignedByte << 8) | dimensionCount;
        if (magic != expected)
        {
            throw new DataException(
                $"The file '{name}' begins with the number {magic} instead of {expected}: it is no IDX file of " +
                $"{(dimensionCount == 3 ? "images" : "labels")}, check that the file has the right name and content.");
        }

        if (content.ReadAtLeast(header.AsSpan(4), header.Length - 4, throwOnEndOfStream: false) < header.Length - 4)
        {
            throw Truncated(name, "in its header");
        }

        var sizes = new int[dimensionCount];
        var product = 1L;
        for (var dimension = 0; dimension < dimensionCount; dimension++)
        {
            sizes[dimension] = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(4 + (4 * dimension)));
            product = sizes[dimension] > 0 && product <= Array.MaxLength ? product * sizes[dimension] : 0;
        }

        return product is > 0 and <= 0x7FFFFFC7
            ? sizes[0] <= MaximumItems ? sizes : throw new DataException(
                $"The header of the file '{name}' says {sizes[0]} items, and at most {MaximumItems} can be read: divide the file.")
            : throw new DataException(
                $"The header of the file '{name}' says {string.Join(" × ", sizes)} elements, which is impossible: fetch the file again.");
    }

    private static byte[] ReadElements(Stream content, string name, int[] sizes, int? first)
    {
        var length = 1;
        foreach (var size in sizes)
        {
            length *= size;
        }

        var kept = first is { } most && most < sizes[0] ? length / sizes[0] * most : length;
        var elements = new byte[Math.Min(kept, FirstBuffer)];
        var filled = 0;
        while (filled < kept)
        {
            if (filled == elements.Length)
            {
                Array.Resize(ref elements, (int)Math.Min(kept, 4L * elements.Length));
            }

            filled += ReadSome(content, elements.AsSpan(filled), name, filled, length);
        }

        var rest = new byte[Math.Min(length - kept, FirstBuffer)];
        for (var skipped = kept; skipped < length;)
        {
            skipped += ReadSome(content, rest.AsSpan(0, Math.Min(rest.Length, length - skipped)), name, skipped, length);
        }

        return content.ReadByte() < 0
            ? elements
            : throw new DataException($"The file '{name}' goes on after the {length} bytes that its header announces: fetch it again.");
    }

    private static int ReadSome(Stream content, Span<byte> destination, string name, int filled, int length)
    {
        var read = content.Read(destination);
        return read > 0 ? read : throw Truncated(name, $"after {filled} of the {length} bytes that its header announces");
    }

    private static DataException Truncated(string name, string place) => new($"The file '{name}' ends too early, {place}: fetch it again.");
}
