using System.Text.Json.Nodes;
using OrleansEdge.Tests.Shared;

namespace OrleansEdge.Fuzz.Tests;

/// <summary>Valid inputs from the working tree: what earlier releases wrote, and the example job files.</summary>
internal static class Repository
{
    /// <summary>The messages of earlier releases.</summary>
    public static IReadOnlyList<byte[]> WireMessages => [.. Golden("wire").Select(node => Convert.FromBase64String(node.GetValue<string>()))];

    /// <summary>A stored document of an earlier release.</summary>
    public static byte[] Stored(string name) => JsonBytes(Written(Path.Combine(GoldenFolder, "store", name + ".json")));

    /// <summary>The example job files.</summary>
    public static IReadOnlyList<byte[]> JobFiles => [.. Directory.GetFiles(Path.Combine(WorkingTree.Root, "infra", "jobs"), "*.yaml").Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];

    /// <summary>The updates of an earlier release of the agent.</summary>
    public static IReadOnlyList<byte[]> Updates =>
        [.. Directory.GetFiles(Path.Combine(WorkingTree.Root, "tests", "EdgeAgent.Tests", "Golden", "folder", "outbox")).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];

    private static string GoldenFolder => Path.Combine(WorkingTree.Root, "tests", "Grains.Tests", "Golden", "files");

    private static IEnumerable<JsonNode> Golden(string folder) =>
        Directory.GetFiles(Path.Combine(GoldenFolder, folder), "*.json").Order(StringComparer.Ordinal).Select(Written);

    private static JsonNode Written(string file) => JsonNode.Parse(File.ReadAllText(file))!["written"]!;

    private static byte[] JsonBytes(JsonNode node) =>
        System.Text.Encoding.UTF8.GetBytes(node is JsonValue value && value.TryGetValue<string>(out var text) ? text : node.ToJsonString());
}
