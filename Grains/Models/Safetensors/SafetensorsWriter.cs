using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;
using OrleansEdge.Contracts.Models;

namespace OrleansEdge.Grains.Models.Safetensors;

/// <summary>
/// Writes a model as safetensors, as a stream. The header names the tensors in the layout's order; in the data the integer tensors come
/// first, then the flat vector as it is: PyTorch's reader needs every tensor at a multiple of its element's size.
/// </summary>
public static class SafetensorsWriter
{
    private const int BlockLength = 1 << 20;

    /// <summary>Writes a whole file.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="layout">The tensors.</param>
    /// <param name="metadata">Texts for people and programs, written in ordinal order of the keys; null: none.</param>
    /// <param name="weights">The flat vector, little-endian fp32; read to its end.</param>
    /// <param name="integers">The integer buffers, little-endian int64.</param>
    /// <param name="cancellation">Stops the writing between blocks.</param>
    /// <exception cref="SafetensorsException">The vector or the buffers have another length than the layout says.</exception>
    public static async Task Write(
        Stream output,
        ModelLayout layout,
        IReadOnlyDictionary<string, string>? metadata,
        Stream weights,
        ReadOnlyMemory<byte> integers,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentNullException.ThrowIfNull(weights);
        var integerBytes = layout.IntegerCount * sizeof(long);
        if (integers.Length != integerBytes)
        {
            throw new SafetensorsException($"The model's integer buffers have {integers.Length} bytes instead of {integerBytes}: the version is damaged.");
        }

        await output.WriteAsync(Header(layout, metadata), cancellation).ConfigureAwait(false);
        await output.WriteAsync(integers, cancellation).ConfigureAwait(false);
        var weightBytes = layout.WeightCount * sizeof(float);
        var copied = await Copy(weights, output, weightBytes, cancellation).ConfigureAwait(false);
        if (copied != weightBytes)
        {
            var found = copied < weightBytes ? $"{copied}" : $"more than {weightBytes}";
            throw new SafetensorsException($"The model's weights have {found} bytes instead of {weightBytes}: the version is damaged.");
        }
    }

    /// <summary>The prefix and the padded header.</summary>
    internal static byte[] Header(ModelLayout layout, IReadOnlyDictionary<string, string>? metadata)
    {
        var buffer = new ArrayBufferWriter<byte>();
        buffer.Write(stackalloc byte[SafetensorsFormat.PrefixLength]);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            WriteMetadata(json, metadata);
            var nextInteger = 0L;
            var nextFloat = layout.IntegerCount * sizeof(long);
            foreach (var tensor in layout.Tensors)
            {
                ref var next = ref tensor.Type == TensorType.Float32 ? ref nextFloat : ref nextInteger;
                var begin = next;
                next = checked(begin + tensor.Elements * SafetensorsFormat.BytesOf(tensor.Type));
                WriteTensor(json, tensor, begin, next);
            }

            json.WriteEndObject();
        }

        var padded = (buffer.WrittenCount + 7) / 8 * 8;
        var header = new byte[padded];
        buffer.WrittenSpan.CopyTo(header);
        header.AsSpan(buffer.WrittenCount).Fill((byte)' ');
        BinaryPrimitives.WriteInt64LittleEndian(header, padded - SafetensorsFormat.PrefixLength);
        return header;
    }

    private static void WriteMetadata(Utf8JsonWriter json, IReadOnlyDictionary<string, string>? metadata)
    {
        if (metadata is not { Count: > 0 })
        {
            return;
        }

        json.WriteStartObject(SafetensorsFormat.Metadata);
        foreach (var (key, value) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            json.WriteString(key, value);
        }

        json.WriteEndObject();
    }

    private static void WriteTensor(Utf8JsonWriter json, TensorDescription tensor, long begin, long end)
    {
        json.WriteStartObject(tensor.Name);
        json.WriteString(SafetensorsFormat.TypeProperty, SafetensorsFormat.NameOf(tensor.Type));
        json.WriteStartArray(SafetensorsFormat.ShapeProperty);
        foreach (var size in tensor.Shape)
        {
            json.WriteNumberValue(size);
        }

        json.WriteEndArray();
        json.WriteStartArray(SafetensorsFormat.OffsetsProperty);
        json.WriteNumberValue(begin);
        json.WriteNumberValue(end);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Copies all of <paramref name="source"/>, giving up as soon as it has more than <paramref name="limit"/> bytes.</summary>
    private static async Task<long> Copy(Stream source, Stream output, long limit, CancellationToken cancellation)
    {
        var block = ArrayPool<byte>.Shared.Rent(BlockLength);
        try
        {
            var copied = 0L;
            int read;
            while (copied <= limit && (read = await source.ReadAsync(block, cancellation).ConfigureAwait(false)) > 0)
            {
                copied += read;
                await output.WriteAsync(block.AsMemory(0, read), cancellation).ConfigureAwait(false);
            }

            return copied;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }
}
