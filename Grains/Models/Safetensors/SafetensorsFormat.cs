using OrleansEdge.Contracts.Models;

namespace OrleansEdge.Grains.Models.Safetensors;

/// <summary>
/// The format: 8 bytes little-endian length of the header, the header (JSON, padded with spaces to a multiple of 8), then the tensors, which
/// fill the rest of the file without gaps.
/// </summary>
internal static class SafetensorsFormat
{
    /// <summary>The bytes before the header.</summary>
    internal const int PrefixLength = 8;

    /// <summary>The longest header that is read, in bytes: enough for 100,000 tensors.</summary>
    internal const int MaximumHeaderLength = 16 << 20;

    internal const string Metadata = "__metadata__";
    internal const string TypeProperty = "dtype";
    internal const string ShapeProperty = "shape";
    internal const string OffsetsProperty = "data_offsets";

    internal static int BytesOf(TensorType type) => type == TensorType.Float32 ? sizeof(float) : sizeof(long);

    internal static string NameOf(TensorType type) => type == TensorType.Float32 ? "F32" : "I64";
}
