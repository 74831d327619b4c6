using System.Buffers.Binary;
using System.Text;

namespace OrleansEdge.Fuzz.Tests;

/// <summary>
/// Makes inputs: some of random bytes, most of valid ones with a few changes. The same seed and number give the same input.
/// </summary>
internal sealed class Mutator(IReadOnlyList<byte[]> corpus, int seed)
{
    /// <summary>The longest input, in bytes.</summary>
    public const int MaximumLength = 1 << 17;

    private const int MostChanges = 6;
    private const int DeepestNesting = 4000;

    private static readonly byte[][] Tokens =
    [
        .. new[]
        {
            "{", "}", "[", "]", "(", ")", ":", ": ", ",", "\"", "'", "`", "\n", "\r\n", "\t", " ", "\0", "\\", "\\u0000", "\\ud800", "/", "//", "..", "../", "@", "%00", "#",
            "&a ", "*a", "!!x ", "- ", "? ", "| ", "<<: ", "---\n", "null", "true", "NaN", "Infinity", "-1", "0", "1e999", "-1e-999", "2147483648", "4294967295",
            "9223372036854775807", "18446744073709551616", "99999999999999999999999999999999999999", "0x7f", "é", "\u2028", "\uFEFF", "😀", "=", "?", "\"\":", "$type",
        }.Select(Encoding.UTF8.GetBytes),
        [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xFF, 0xFE], [0x1F, 0x8B], [0x80], [0xFF],
    ];

    private static readonly string[] Nests = ["[", "{\"a\":", "{a: ", "((", "<", "- ", "\"", "a[", "{\"a\":[", "`1["];

    private static readonly ulong[] Extremes =
    [
        0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x10_0000, 0x10_0001, 0x7FFF_FFC7, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, 0x1_0000_0000,
        0x7FFF_FFFF_FFFF_FFFF, 0x8000_0000_0000_0000, 0xFFFF_FFFF_FFFF_FFFF,
    ];

    /// <summary>Makes an input.</summary>
    public byte[] Make(int number)
    {
        var random = new Random(unchecked((seed * 486_187_739) + number));
        if (corpus.Count == 0 || random.Next(16) == 0)
        {
            return RandomBytes(random);
        }

        var bytes = new List<byte>(corpus[random.Next(corpus.Count)]);
        for (var change = random.Next(MostChanges); change >= 0; change--)
        {
            Change(bytes, random);
        }

        return bytes.Count <= MaximumLength ? [.. bytes] : [.. bytes.Take(MaximumLength)];
    }

    private static byte[] RandomBytes(Random random)
    {
        var bytes = new byte[random.Next(8) == 0 ? random.Next(1 << 14) : random.Next(200)];
        random.NextBytes(bytes);
        if (random.Next(2) == 0)
        {
            // Printable, so that texts get further than their first character.
            for (var index = 0; index < bytes.Length; index++)
            {
                bytes[index] = (byte)(' ' + (bytes[index] % 95));
            }
        }

        return bytes;
    }

    private void Change(List<byte> bytes, Random random)
    {
        var at = random.Next(bytes.Count + 1);
        switch (random.Next(11))
        {
            case 0 when at < bytes.Count:
                bytes[at] = (byte)random.Next(256);
                break;
            case 1 when at < bytes.Count:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 2:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 3:
                bytes.RemoveRange(at, Math.Min(random.Next(1, 32), bytes.Count - at));
                break;
            case 4 or 5:
                bytes.InsertRange(at, Tokens[random.Next(Tokens.Length)]);
                break;
            case 6 when bytes.Count > 0:
                var from = random.Next(bytes.Count);
                bytes.InsertRange(at, bytes.GetRange(from, random.Next(Math.Min(bytes.Count - from, 4096)) + 1));
                break;
            case 7:
                PutNumber(bytes, at, random);
                break;
            case 8:
                var other = corpus[random.Next(corpus.Count)];
                bytes.InsertRange(at, other.Skip(random.Next(other.Length + 1)).Take(4096));
                break;
            case 9 when random.Next(8) == 0:
                var nest = Encoding.UTF8.GetBytes(Nests[random.Next(Nests.Length)]);
                bytes.InsertRange(at, Enumerable.Repeat(nest, random.Next(1, DeepestNesting)).SelectMany(part => part));
                break;
            case 10 when random.Next(8) == 0:
                bytes.InsertRange(at, Enumerable.Repeat((byte)random.Next(256), random.Next(1, 1 << 13)));
                break;
            default:
                bytes.InsertRange(at, Tokens[random.Next(Tokens.Length)]);
                break;
        }
    }

    /// <summary>Writes a number that is at the edge of something over what is there, as lengths are written: 1, 2, 4 or 8 bytes, either end first.</summary>
    private static void PutNumber(List<byte> bytes, int at, Random random)
    {
        var number = random.Next(4) == 0 ? (ulong)random.NextInt64() : Extremes[random.Next(Extremes.Length)];
        var size = 1 << random.Next(4);
        Span<byte> written = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(written, number);
        written = written[..size];
        if (random.Next(2) == 0)
        {
            written.Reverse();
        }

        for (var index = 0; index < size && at + index < bytes.Count; index++)
        {
            bytes[at + index] = written[index];
        }
    }
}
