using OrleansEdge.Tests.Shared;
using OrleansEdge.Tests.Shared.Golden;

namespace OrleansEdge.EdgeAgent.Tests.Golden;

/// <summary>A device's folder as a release left it. Never changed afterwards: a folder for what is new is added.</summary>
internal static class GoldenFolder
{
    /// <summary>Where it is, beside the tests that read it.</summary>
    public static string PathOf(string name) => Path.Combine(WorkingTree.Root, "tests", "EdgeAgent.Tests", "Golden", name);

    /// <summary>Copies a folder, so that an agent can work in it; one that is missing is made where that is wanted.</summary>
    public static void Copy(string name, string target, Action<string> make)
    {
        if (GoldenFile.IsWriting && !Directory.Exists(PathOf(name)))
        {
            make(PathOf(name));
        }

        Assert.True(Directory.Exists(PathOf(name)), $"The golden folder '{name}' is missing: run these tests with {GoldenFile.WriteVariable}=1, and keep what they write.");
        foreach (var file in Directory.EnumerateFiles(PathOf(name), "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(target, Path.GetRelativePath(PathOf(name), file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
            if (!OperatingSystem.IsWindows())
            {
                // As the agent left it: Git keeps no such modes, and a key that others can read is not taken.
                File.SetUnixFileMode(copy, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }
        }
    }
}
