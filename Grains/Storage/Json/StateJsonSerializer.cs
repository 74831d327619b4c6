using System.Text.Json;
using Orleans.Storage;

namespace OrleansEdge.Grains.Storage.Json;

/// <summary>Grain state as System.Text.Json by <see cref="StateJson.Options"/>.</summary>
public sealed class StateJsonSerializer : IGrainStorageSerializer
{
    /// <inheritdoc/>
    public BinaryData Serialize<T>(T? input) => new(JsonSerializer.SerializeToUtf8Bytes(input, StateJson.Options));

    /// <inheritdoc/>
    /// <exception cref="JsonException">The input is not the JSON of a <typeparamref name="T"/>.</exception>
    public T Deserialize<T>(BinaryData input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return JsonSerializer.Deserialize<T>(input.ToMemory().Span, StateJson.Options)!;
    }
}
