using System.Runtime.InteropServices;

namespace OrleansEdge.EndToEnd.Tests.LocalCluster.Hierarchy;

/// <summary>Hierarchical averaging with one round of a site for each of the root is averaging over all devices, but for rounding.</summary>
[Trait("Category", "EndToEnd")]
public sealed class FlatAveragingTests : IDisposable
{
    /// <summary>One step over all of a device's examples, so that their order, which a device's site decides, does not matter.</summary>
    private const string Job = """
        job: tiny
        model: mlp:32
        data: digits
        rounds: 3
        quorum: all
        deadline: 5m
        training: {localEpochs: 1, batchSize: 1024, optimiser: {name: sgd, learningRate: 0.5}}
        seed: 7
        evaluation: none

        """;

    private readonly string temporary = Directory.CreateTempSubdirectory("orleansedge-flat-").FullName;

    public void Dispose() => Directory.Delete(temporary, recursive: true);

    [Fact]
    public async Task Two_sites_with_two_devices_learn_what_four_devices_of_one_site_learn()
    {
        // Devices have very unequal numbers of examples, and so have the sites: who weighs them wrongly is far off.
        var flat = await Run("flat", Job + "participants: {perRound: 4, minimum: 4}\n", "--devices", "4");
        var tiered = await Run(
            "tiered",
            Job + "participants: {perRound: 2, minimum: 2}\ntiers:\n  - {participants: {perRound: 2, minimum: 2}, quorum: all, deadline: 5m}\n",
            "--sites", "2", "--devices", "2");

        Assert.InRange(Farthest(flat.Weights, tiered.Weights), 0, 1e-6f);
        Assert.InRange(flat.Versions.Max(version => Farthest(flat.Weights, version)), 1e-2f, 1);
    }

    private static float Farthest(float[] one, float[] other) => one.Zip(other, (left, right) => Math.Abs(left - right)).Max();

    private async Task<Learned> Run(string name, string job, params string[] arguments)
    {
        var (file, work) = (Path.Combine(temporary, $"{name}.yaml"), Path.Combine(temporary, name));
        await File.WriteAllTextAsync(file, job, TestContext.Current.CancellationToken);
        var result = await ClusterProcess.Run(
            temporary, [.. arguments, "--data", "generated:512", "--split", "dirichlet:0.3", "--job", file, "--work", work, "--json"]);
        Assert.True(result.ExitCode == 0, result.Errors);

        // A small model is one shard, which is kept under the digest of its weights.
        var content = Path.Combine(work, "store", "content");
        var weights = ReadFloats(Assert.Single(Directory.GetFiles(content, $"{result.Weights}*", SearchOption.AllDirectories)));
        var versions = Directory.GetFiles(content, "*", SearchOption.AllDirectories).Select(ReadFloats).Where(version => version.Length == weights.Length);
        return new(weights, [.. versions]);
    }

    private static float[] ReadFloats(string file) => MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(file)).ToArray();

    /// <param name="Weights">Of the last version.</param>
    /// <param name="Versions">Of all of them.</param>
    private sealed record Learned(float[] Weights, IReadOnlyList<float[]> Versions);
}
