using System.Text.Json;
using System.Text.Json.Nodes;

namespace OrleansEdge.Tests.Shared.Golden;

/// <summary>What a release wrote, and what it meant. Never changed afterwards: a file for what is new is added.</summary>
/// <param name="Written">What was written: bytes in base 64, or a JSON document.</param>
/// <param name="Values">The values that it stands for.</param>
internal sealed record GoldenFile(JsonNode Written, JsonNode? Values)
{
    /// <summary>Set to 1, what has no golden file gets one.</summary>
    public const string WriteVariable = "ORLEANSEDGE_WRITE_GOLDEN";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Whether files that are missing are to be written.</summary>
    public static bool IsWriting => Environment.GetEnvironmentVariable(WriteVariable) == "1";

    /// <summary>Reads a file; one that is missing is made where that is wanted.</summary>
    public static GoldenFile Read(string name, Func<GoldenFile> make)
    {
        var path = Path.Combine(Folder(), name + ".json");
        if (!File.Exists(path) && IsWriting)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, JsonSerializer.Serialize(make(), Json) + "\n");
        }

        Assert.True(
            File.Exists(path), $"{name} is new on the wire or in the store, and has no golden file: run these tests with {WriteVariable}=1, and keep what they write.");
        return JsonSerializer.Deserialize<GoldenFile>(File.ReadAllText(path), Json)!;
    }

    /// <summary>The names of all files of a folder.</summary>
    public static IEnumerable<string> Names(string folder) => Directory.Exists(Path.Combine(Folder(), folder))
        ? Directory.EnumerateFiles(Path.Combine(Folder(), folder), "*.json").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)
        : [];

    // Beside the tests that read them, so that a new one is written into the tree.
    private static string Folder() => Path.Combine(WorkingTree.Root, "tests", typeof(GoldenFile).Assembly.GetName().Name!, "Golden", "files");
}
