using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using OrleansEdge.Contracts.Identifiers;

namespace OrleansEdge.Contracts.Models;

/// <summary>The bytes of a <see cref="ModelManifest"/>. There is one writing of each manifest: a reader accepts no other.</summary>
internal static class ModelManifestJson
{
    private const string Float32 = "F32";
    private const string Int64 = "I64";

    internal static byte[] Write(ModelManifest manifest)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("format", ModelManifest.FormatVersion);
            json.WriteStartArray("tensors");
            foreach (var tensor in manifest.Layout.Tensors)
            {
                WriteTensor(json, tensor);
            }

            json.WriteEndArray();
            json.WriteNumber("parametersPerShard", manifest.Plan.MaximumParameters);
            json.WriteStartArray("vectors");
            foreach (var vector in manifest.Vectors)
            {
                WriteVector(json, vector);
            }

            json.WriteEndArray();
            json.WriteBase64String("integers", manifest.Integers.Span);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    internal static ModelManifest Parse(ReadOnlyMemory<byte> bytes)
    {
        ModelManifest manifest;
        try
        {
            using var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 8 });
            manifest = Read(document.RootElement);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException or KeyNotFoundException
            or OverflowException or ArgumentException)
        {
            throw ModelManifestRules.Damaged("it is not the JSON of a manifest", exception);
        }

        return manifest.ToBytes().AsSpan().SequenceEqual(bytes.Span)
            ? manifest
            : throw ModelManifestRules.Damaged("it has unknown properties, white space or another order");
    }

    private static void WriteTensor(Utf8JsonWriter json, TensorDescription tensor)
    {
        json.WriteStartObject();
        json.WriteString("name", tensor.Name);
        json.WriteString("type", tensor.Type == TensorType.Float32 ? Float32 : Int64);
        json.WriteStartArray("shape");
        foreach (var size in tensor.Shape)
        {
            json.WriteNumberValue(size);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteVector(Utf8JsonWriter json, ManifestVector vector)
    {
        json.WriteStartObject();
        json.WriteString("name", vector.Name);
        json.WriteStartArray("shards");
        foreach (var shard in vector.Shards)
        {
            json.WriteStringValue(shard.Hex);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static ModelManifest Read(JsonElement root)
    {
        var format = root.GetProperty("format").GetInt32();
        if (format != ModelManifest.FormatVersion)
        {
            throw new ModelManifestException(
                $"The model manifest has format {format}, and this program reads format {ModelManifest.FormatVersion}: use a newer program.");
        }

        var layout = new ModelLayout([.. root.GetProperty("tensors").EnumerateArray().Select(ReadTensor)]);
        var plan = new ShardPlan(layout.WeightCount, root.GetProperty("parametersPerShard").GetInt32());
        var vectors = root.GetProperty("vectors").EnumerateArray().Select(ReadVector).ToImmutableArray();
        return new(layout, plan, vectors, root.GetProperty("integers").GetBytesFromBase64());
    }

    private static TensorDescription ReadTensor(JsonElement tensor) => new(
        tensor.GetProperty("name").GetString()!,
        tensor.GetProperty("type").GetString() switch
        {
            Float32 => TensorType.Float32,
            Int64 => TensorType.Int64,
            _ => throw new FormatException("A tensor's type is F32 or I64."),
        },
        [.. tensor.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64())]);

    private static ManifestVector ReadVector(JsonElement vector) => new(
        vector.GetProperty("name").GetString()!,
        [.. vector.GetProperty("shards").EnumerateArray().Select(shard => ContentHash.Parse(shard.GetString()))]);
}
