using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;

namespace OrleansEdge.LocalCluster.Sites;

/// <summary>
/// The SHA-256 of a model's weights: of the little-endian fp32 data of a safetensors file, in the file's order. Names and metadata do not
/// count, nor do integer buffers, so that it says whether two runs have learned the same.
/// </summary>
internal static class WeightsDigest
{
    private const int BlockLength = 1 << 20;
    private const int LongestHeader = 100 << 20;

    /// <summary>Reads a safetensors file to its end.</summary>
    /// <returns>64 lower-case hexadecimal digits.</returns>
    /// <exception cref="ClusterException">The file is not one, or ends early.</exception>
    public static async Task<string> Compute(Stream file, CancellationToken cancellation)
    {
        try
        {
            var length = new byte[sizeof(long)];
            await file.ReadExactlyAsync(length, cancellation);
            var headerLength = BinaryPrimitives.ReadInt64LittleEndian(length);
            if (headerLength is < 2 or > LongestHeader)
            {
                throw Damaged();
            }

            var header = new byte[headerLength];
            await file.ReadExactlyAsync(header, cancellation);
            return await Hash(file, ReadTensors(header), cancellation);
        }
        catch (Exception exception) when (exception is EndOfStreamException or JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw Damaged();
        }
    }

    private static List<(long Begin, long End, bool IsFloat)> ReadTensors(byte[] header)
    {
        using var document = JsonDocument.Parse(header);
        return
        [
            .. document.RootElement.EnumerateObject()
                .Where(property => property.Name != "__metadata__")
                .Select(property => (
                    Begin: property.Value.GetProperty("data_offsets")[0].GetInt64(),
                    End: property.Value.GetProperty("data_offsets")[1].GetInt64(),
                    IsFloat: property.Value.GetProperty("dtype").GetString() == "F32"))
                .OrderBy(tensor => tensor.Begin),
        ];
    }

    private static async Task<string> Hash(Stream file, List<(long Begin, long End, bool IsFloat)> tensors, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var block = new byte[BlockLength];
        foreach (var (begin, end, isFloat) in tensors)
        {
            for (var position = begin; position < end;)
            {
                var part = block.AsMemory(0, (int)Math.Min(BlockLength, end - position));
                await file.ReadExactlyAsync(part, cancellation);
                position += part.Length;
                if (isFloat)
                {
                    hash.AppendData(part.Span);
                }
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static ClusterException Damaged() => new("The weights that the site exports are not a whole safetensors file: read its log.");
}
