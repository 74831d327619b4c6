using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using OrleansEdge.Contracts.Content;

namespace OrleansEdge.Tests.Shared.Golden;

/// <summary>The values of an object as a document, by the names of its properties: what a golden file says that its bytes mean.</summary>
internal static class GoldenValues
{
    /// <summary>Describes a value, with all that it consists of.</summary>
    public static JsonNode? Of(object? value) => value switch
    {
        null => null,
        Chunk chunk => JsonValue.Create(Convert.ToHexStringLower(chunk.Span)),
        Exception exception => new JsonObject { ["Message"] = exception.Message },
        string text => JsonValue.Create(text),
        IDictionary dictionary => new JsonObject(dictionary.Keys.Cast<object>().Select(key => KeyValuePair.Create(Text(key), Of(dictionary[key])))),
        IEnumerable items => new JsonArray([.. items.Cast<object?>().Select(Of)]),
        _ when IsSimple(value.GetType()) => JsonValue.Create(Text(value)),
        _ => new JsonObject(PropertiesOf(value.GetType()).Select(property => KeyValuePair.Create(property.Name, Of(property.GetValue(value))))),
    };

    /// <summary>
    /// Where a value is not what a golden file says. What the file does not mention was added since, and may be anything.
    /// </summary>
    public static IEnumerable<string> Differences(JsonNode? golden, JsonNode? today, string path = "")
    {
        switch (golden, today)
        {
            case (JsonObject expected, JsonObject actual):
                return expected.SelectMany(entry => actual.TryGetPropertyValue(entry.Key, out var value)
                    ? Differences(entry.Value, value, $"{path}.{entry.Key}")
                    : [$"{path}.{entry.Key} is gone"]);
            case (JsonArray expected, JsonArray actual) when expected.Count == actual.Count:
                return expected.Zip(actual).SelectMany((pair, index) => Differences(pair.First, pair.Second, $"{path}[{index}]"));
            default:
                return JsonNode.DeepEquals(golden, today) ? [] : [$"{path} is {today?.ToJsonString() ?? "null"}, and was {golden?.ToJsonString() ?? "null"}"];
        }
    }

    /// <summary>The properties that a value consists of: those that are not computed from others.</summary>
    public static IEnumerable<PropertyInfo> PropertiesOf(Type type) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(property => property.GetIndexParameters().Length == 0 && (property.CanWrite || IsStored(property)))
        .OrderBy(property => property.Name, StringComparer.Ordinal);

    /// <summary>Whether a value is written as one text.</summary>
    public static bool IsSimple(Type type) => type.IsPrimitive || type.IsEnum || type == typeof(Guid) || type == typeof(UInt128)
        || type == typeof(TimeSpan) || type == typeof(DateTimeOffset) || type == typeof(Uri)
        || type.GetMethod("Parse", BindingFlags.Public | BindingFlags.Static, [typeof(string)]) is not null;

    private static bool IsStored(PropertyInfo property) => property.GetCustomAttribute<IdAttribute>() is not null;

    private static string Text(object value) => value switch
    {
        Enum number => number.ToString("D"),
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        DateTimeOffset time => time.ToString("O", CultureInfo.InvariantCulture),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };
}
