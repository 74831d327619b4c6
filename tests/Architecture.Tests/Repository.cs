using System.Diagnostics;
using OrleansEdge.Tests.Shared;

namespace OrleansEdge.Architecture.Tests;

/// <summary>The working tree that these tests were built from.</summary>
internal static class Repository
{
    private static readonly Lazy<IReadOnlyList<string>> Listed = new(List);

    /// <summary>The folder that holds the solution.</summary>
    public static string Root { get; } = WorkingTree.Root;

    /// <summary>All files that are, or would be, in version control: relative paths with forward slashes, in ordinal order.</summary>
    public static IReadOnlyList<string> Files => Listed.Value;

    /// <summary>The C# files under the given folders; all of them without one.</summary>
    public static IEnumerable<string> Sources(params string[] folders) => Files.Where(file =>
        file.EndsWith(".cs", StringComparison.Ordinal)
        && (folders.Length == 0 || folders.Any(folder => file.StartsWith(folder + "/", StringComparison.Ordinal))));

    /// <summary>A file's text.</summary>
    public static string Read(string file) => File.ReadAllText(Path.Combine(Root, file));

    /// <summary>Whether a file is there.</summary>
    public static bool Has(string path) => Path.Exists(Path.Combine(Root, path));

    private static string[] List()
    {
        var start = new ProcessStartInfo("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        {
            WorkingDirectory = Root,
            RedirectStandardOutput = true,
        };
        using var git = Process.Start(start)!;
        var output = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        string[] files = [.. output.Split('\0', StringSplitOptions.RemoveEmptyEntries).Where(Has).Order(StringComparer.Ordinal)];
        return files.Length > 0 ? files : throw new InvalidOperationException($"git lists no file in '{Root}'.");
    }
}
