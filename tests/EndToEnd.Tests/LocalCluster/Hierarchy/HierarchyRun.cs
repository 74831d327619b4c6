using System.Text.Json;

namespace OrleansEdge.EndToEnd.Tests.LocalCluster.Hierarchy;

/// <summary>A run of a small job with sites between devices and root, in a folder of its own; and one in peace, which the others are compared with.</summary>
public sealed class HierarchyRun : IAsyncLifetime
{
    /// <summary>The rounds of the root.</summary>
    internal const int Rounds = 6;

    private static readonly SemaphoreSlim First = new(1);
    private static ClusterResult? undisturbed;

    private readonly string temporary = Directory.CreateTempSubdirectory("orleansedge-sites-").FullName;
    private int files;

    /// <summary>Two sites with two devices each, undisturbed.</summary>
    internal ClusterResult Undisturbed => undisturbed!;

    public async ValueTask InitializeAsync()
    {
        await First.WaitAsync();
        try
        {
            undisturbed ??= await Run(Job(devices: 2), "--sites", "2", "--devices", "2");
        }
        finally
        {
            First.Release();
        }
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(temporary, recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>The job file: all sites, and at each site all devices.</summary>
    /// <param name="devices">How many devices each site has.</param>
    /// <param name="quorum">What the root's quorum is, with all that belongs to it.</param>
    /// <param name="autonomy">How many rounds a site goes on by itself.</param>
    internal static string Job(int devices, string quorum = "quorum: all\ndeadline: 5m", int autonomy = 0) => $$"""
        job: tiny
        model: mlp:32
        data: digits
        rounds: {{Rounds}}
        participants: {perRound: 2, minimum: 2}
        {{quorum}}
        tiers:
          - participants: {perRound: {{devices}}, minimum: {{devices}}}
            quorum: all
            deadline: 5m
            autonomy: {{autonomy}}
            evaluation: {mode: central, every: 3}
        training: {localEpochs: 1, batchSize: 16}
        seed: 7
        evaluation: {mode: central, every: 3}
        """;

    /// <summary>Runs a job to its end, and sees that nothing is left.</summary>
    internal async Task<ClusterResult> Run(string job, params string[] arguments)
    {
        var file = Path.Combine(temporary, $"job{Interlocked.Increment(ref files)}.yaml");
        await File.WriteAllTextAsync(file, job);
        using var cluster = ClusterProcess.Start(temporary, [.. arguments, "--data", "generated:256", "--job", file, "--json"]);
        var result = await cluster.WaitForEnd();
        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Equal(Rounds, result.Report.GetProperty("version").GetInt32());
        Assert.Empty(cluster.LivingProcesses());
        return result;
    }

    /// <summary>What is reported of a site.</summary>
    internal static JsonElement Site(ClusterResult result, string name) =>
        result.Report.GetProperty("sites").EnumerateArray().Single(site => site.GetProperty("name").GetString() == name);

    /// <summary>A number that is reported of a site.</summary>
    internal static long Number(ClusterResult result, string site, string name) => Site(result, site).GetProperty(name).GetInt64();
}
