using System.Text.Json;

namespace OrleansEdge.Contracts.Data;

/// <summary>How a <see cref="TaskDescription"/> is written where it is stored by its hash.</summary>
public static class TaskJson
{
    /// <summary>Camel case, numbers in their shortest exact form.</summary>
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web);

    /// <summary>Reads a task.</summary>
    /// <exception cref="JsonException">The bytes are something else.</exception>
    public static TaskDescription Parse(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize<TaskDescription>(json, Options) ?? throw new JsonException("A task is a JSON object, not null.");
}
