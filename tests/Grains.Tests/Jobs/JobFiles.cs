using OrleansEdge.Grains.Jobs;
using OrleansEdge.Grains.Jobs.Files;
using OrleansEdge.Tests.Shared;

namespace OrleansEdge.Grains.Tests.Jobs;

/// <summary>Job files for tests.</summary>
internal static class JobFiles
{
    public const string Smallest = "job: digits\nmodel: cnn\ndata: digits\nrounds: 5\n";

    public static FakeStrategies Strategies { get; } = new();

    public static JobDefinition Parse(string text) => JobFile.Parse(text, "job.yaml", Strategies);

    /// <summary>The smallest file with more keys at its end, from line 5.</summary>
    public static JobDefinition ParseWith(string keys) => Parse(Smallest + keys);

    /// <summary>The lines of the error for a text.</summary>
    public static string[] ErrorsOf(string text) => Assert.Throws<JobFileException>(() => Parse(text)).Message.Split('\n');

    /// <summary>The lines of the error for more keys at the end of the smallest file, from line 5.</summary>
    public static string[] ErrorsWith(string keys) => ErrorsOf(Smallest + keys);

    /// <summary>The only line of the error.</summary>
    public static string ErrorWith(string keys) => Assert.Single(ErrorsWith(keys));

    public static IEnumerable<string> Examples => Directory.GetFiles(Path.Combine(WorkingTree.Root, "infra", "jobs"), "*.yaml").Order(StringComparer.Ordinal);
}
