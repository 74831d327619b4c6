namespace OrleansEdge.Tests.Shared;

/// <summary>The working tree in which the tests were built, and the data beside it; tests that need those are skipped where they are absent.</summary>
internal static class WorkingTree
{
    /// <summary>The folder of the solution.</summary>
    public static string Root { get; } = Find();

    /// <summary>A file of the networks that Python has saved.</summary>
    public static string TorchScript(string name)
    {
        var file = Data("torchscript", name);
        Assert.SkipUnless(File.Exists(file), $"../shared/data/torchscript/{name} is not there.");
        return file;
    }

    /// <summary>The folder with MNIST's files.</summary>
    public static string Mnist()
    {
        var folder = Data("mnist");
        Assert.SkipUnless(Directory.Exists(folder), "The MNIST files are not beside the repository (../shared/data/mnist).");
        return folder;
    }

    private static string Data(params string[] parts) => Path.GetFullPath(Path.Combine([Root, "..", "shared", "data", .. parts]));

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "OrleansEdge.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"'{AppContext.BaseDirectory}' is not inside a working tree of OrleansEdge.");
    }
}
