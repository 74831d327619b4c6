namespace OrleansEdge.EdgeAgent.Tests.Data;

/// <summary>The MNIST files beside the repository; tests that need them are skipped where they are absent.</summary>
internal static class RealMnist
{
    public static string RequireFolder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "OrleansEdge.sln")))
        {
            folder = folder.Parent;
        }

        var mnist = Path.Combine(folder?.FullName ?? ".", "..", "shared", "data", "mnist");
        Assert.SkipUnless(Directory.Exists(mnist), "The MNIST files are not beside the repository (../shared/data/mnist).");
        return Path.GetFullPath(mnist);
    }
}
