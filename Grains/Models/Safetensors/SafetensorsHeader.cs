using System.Collections.Immutable;
using System.Text.Json;
using OrleansEdge.Contracts.Models;

namespace OrleansEdge.Grains.Models.Safetensors;

/// <summary>A tensor in a file.</summary>
/// <param name="Description">Name, type and shape.</param>
/// <param name="Begin">Its first byte, counted from the end of the header.</param>
/// <param name="End">The byte after its last.</param>
internal sealed record SafetensorsEntry(TensorDescription Description, long Begin, long End);

/// <summary>What a header says, checked against the length of the data.</summary>
internal sealed record SafetensorsHeader(ImmutableArray<SafetensorsEntry> Entries, ImmutableDictionary<string, string> Metadata)
{
    /// <summary>Reads a header.</summary>
    /// <param name="json">The header without its length.</param>
    /// <param name="dataLength">The length of what follows it, in bytes.</param>
    /// <exception cref="SafetensorsException">The header is not one, or does not fit the data.</exception>
    internal static SafetensorsHeader Parse(ReadOnlyMemory<byte> json, long dataLength)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 8 });
            return Read(document.RootElement, dataLength);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw Broken("its header is not the JSON that the format asks for", exception);
        }
    }

    internal static SafetensorsException Broken(string problem, Exception? inner = null) =>
        new($"The file is not a whole safetensors file: {problem}; export it again.", inner);

    private static SafetensorsHeader Read(JsonElement root, long dataLength)
    {
        var entries = ImmutableArray.CreateBuilder<SafetensorsEntry>();
        var metadata = ImmutableDictionary<string, string>.Empty;
        foreach (var property in root.EnumerateObject())
        {
            if (property.Name == SafetensorsFormat.Metadata)
            {
                metadata = property.Value.EnumerateObject().ToImmutableDictionary(
                    text => text.Name,
                    text => text.Value.GetString() ?? throw Broken("its metadata holds something other than texts"));
            }
            else
            {
                entries.Add(ReadEntry(property.Name, property.Value));
            }
        }

        RequireContiguous(entries, dataLength);
        return new(entries.ToImmutable(), metadata);
    }

    private static SafetensorsEntry ReadEntry(string name, JsonElement value)
    {
        if (name.Length == 0)
        {
            throw Broken("a tensor has no name");
        }

        var type = ReadType(name, value.GetProperty(SafetensorsFormat.TypeProperty).GetString());
        ImmutableArray<long> shape = [.. value.GetProperty(SafetensorsFormat.ShapeProperty).EnumerateArray().Select(size => size.GetInt64())];
        var offsets = value.GetProperty(SafetensorsFormat.OffsetsProperty);
        if (offsets.GetArrayLength() != 2 || shape.Any(size => size < 0))
        {
            throw Broken($"the tensor '{name}' has an impossible shape or place");
        }

        var entry = new SafetensorsEntry(new(name, type, shape), offsets[0].GetInt64(), offsets[1].GetInt64());
        return entry.Begin >= 0 && entry.End >= entry.Begin && ByteLength(entry.Description) == entry.End - entry.Begin
            ? entry
            : throw Broken($"the tensor '{name}' has a shape that does not fit its place");
    }

    private static TensorType ReadType(string name, string? type) => type switch
    {
        "F32" => TensorType.Float32,
        "I64" => TensorType.Int64,
        "F64" or "F16" or "BF16" => throw new SafetensorsException(
            $"The tensor '{name}' has the type {type}, and only F32 weights are supported: convert the model first, in PyTorch with model.float()."),
        _ => throw new SafetensorsException(
            $"The tensor '{name}' has the type '{Shorten(type)}', and only F32 and I64 are supported: convert it or leave it out of the file."),
    };

    private static string Shorten(string? text) => text is null ? "" : text.Length <= 16 ? text : string.Concat(text.AsSpan(0, 16), "…");

    /// <summary>The tensor's length in bytes; −1 when it is beyond all numbers.</summary>
    private static long ByteLength(TensorDescription tensor)
    {
        try
        {
            return checked(tensor.Elements * SafetensorsFormat.BytesOf(tensor.Type));
        }
        catch (OverflowException)
        {
            return -1;
        }
    }

    private static void RequireContiguous(IEnumerable<SafetensorsEntry> entries, long dataLength)
    {
        var next = 0L;
        foreach (var entry in entries.OrderBy(entry => entry.Begin).ThenBy(entry => entry.End))
        {
            if (entry.Begin != next)
            {
                throw Broken($"the tensor '{entry.Description.Name}' {(entry.Begin < next ? "overlaps another one" : "comes after a gap")}");
            }

            next = entry.End;
        }

        if (next != dataLength)
        {
            throw Broken(next > dataLength ? "it ends too early" : "bytes follow its last tensor");
        }
    }
}
