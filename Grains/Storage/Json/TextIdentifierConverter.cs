using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrleansEdge.Grains.Storage.Json;

/// <summary>
/// Writes an identifier as its text, as a value and as a property's name, and reads it by the identifier's own grammar. A default value is null.
/// </summary>
/// <param name="parse">Reads the text; throws <see cref="FormatException"/> with a sentence.</param>
/// <param name="format">The text; null for a default value.</param>
internal sealed class TextIdentifierConverter<T>(Func<string?, T> parse, Func<T, string?> format) : JsonConverter<T>
    where T : struct
{
    public override bool HandleNull => true;

    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.Null => default,
        JsonTokenType.String => Parse(reader.GetString()),
        _ => throw new JsonException($"A {typeof(T).Name} is written as a text."),
    };

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(format(value));

    public override T ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Parse(reader.GetString());

    public override void WriteAsPropertyName(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        writer.WritePropertyName(format(value) ?? throw new JsonException($"A default {typeof(T).Name} cannot be a key."));

    private T Parse(string? text)
    {
        try
        {
            return parse(text);
        }
        catch (FormatException exception)
        {
            throw new JsonException(exception.Message, exception);
        }
    }
}
