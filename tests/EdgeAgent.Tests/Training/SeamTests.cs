namespace OrleansEdge.EdgeAgent.Tests.Training;

public sealed class SeamTests
{
    [Fact]
    public void Nothing_but_its_own_folder_uses_TorchSharp()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "OrleansEdge.sln")))
        {
            root = root.Parent!;
        }

        var separator = Path.DirectorySeparatorChar;
        var own = Path.Combine(root.FullName, "EdgeAgent", "Training", "Torch") + separator;
        string[] sources = [.. new[] { "Contracts", "Grains", "Silo", "EdgeAgent", Path.Combine("infra", "LocalCluster") }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(root.FullName, folder), "*.cs", SearchOption.AllDirectories))];

        Assert.Contains(sources, file => file.StartsWith(own, StringComparison.Ordinal) && Uses(file));
        Assert.DoesNotContain(sources, file => !file.StartsWith(own, StringComparison.Ordinal) && Uses(file));

        static bool Uses(string file) => File.ReadAllText(file).Contains("TorchSharp", StringComparison.Ordinal);
    }
}
