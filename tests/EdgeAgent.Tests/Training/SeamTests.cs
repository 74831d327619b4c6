using OrleansEdge.Tests.Shared;

namespace OrleansEdge.EdgeAgent.Tests.Training;

public sealed class SeamTests
{
    [Fact]
    public void Nothing_but_its_own_folder_uses_TorchSharp()
    {
        var separator = Path.DirectorySeparatorChar;
        var own = Path.Combine(WorkingTree.Root, "EdgeAgent", "Training", "Torch") + separator;
        string[] sources = [.. new[] { "Contracts", "Grains", "Silo", "EdgeAgent", Path.Combine("infra", "LocalCluster") }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(WorkingTree.Root, folder), "*.cs", SearchOption.AllDirectories))];

        Assert.Contains(sources, file => file.StartsWith(own, StringComparison.Ordinal) && Uses(file));
        Assert.DoesNotContain(sources, file => !file.StartsWith(own, StringComparison.Ordinal) && Uses(file));

        static bool Uses(string file) => File.ReadAllText(file).Contains("TorchSharp", StringComparison.Ordinal);
    }
}
