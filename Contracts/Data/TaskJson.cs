using System.Text.Json;

namespace OrleansEdge.Contracts.Data;

/// <summary>How a <see cref="TaskDescription"/> is written where it is stored by its hash.</summary>
public static class TaskJson
{
    /// <summary>Camel case, numbers in their shortest exact form.</summary>
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web);

    /// <summary>Reads a task.</summary>
    /// <exception cref="JsonException">The bytes are something else, or lack something.</exception>
    public static TaskDescription Parse(ReadOnlySpan<byte> json)
    {
        var task = JsonSerializer.Deserialize<TaskDescription>(json, Options) ?? throw new JsonException("A task is a JSON object, not null.");
        return task is { InputShape.IsDefault: false, Labels.IsDefault: false, Features.IsDefault: false }
            && task.Standardisation is null or { Means.IsDefault: false, Deviations.IsDefault: false }
            ? task
            : throw new JsonException("A task has a shape, labels and features, be they empty.");
    }
}
