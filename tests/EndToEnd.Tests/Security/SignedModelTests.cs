using System.Security.Cryptography;
using OrleansEdge.EndToEnd.Tests.LocalCluster;
using OrleansEdge.Tests.Shared;

namespace OrleansEdge.EndToEnd.Tests.Security;

/// <summary>Networks of TorchScript, which devices of a secured site run only with a site's signature.</summary>
[Trait("Category", "EndToEnd")]
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class SignedModelTests : IDisposable
{
    private readonly string _temporary = Directory.CreateTempSubdirectory("orleansedge-signed-").FullName;

    public void Dispose() => Directory.Delete(_temporary, recursive: true);

    [Fact]
    public async Task Network_is_trained_at_a_secured_site_as_it_is_in_clear()
    {
        var job = await WriteJob("participants: {perRound: 2, minimum: 2}");

        var secured = await Run(job, "--devices", "2");
        var clear = await Run(job, "--devices", "2", "--insecure");

        Assert.Equal(clear.Weights, secured.Weights);
    }

    [Fact]
    public async Task Devices_of_the_sites_below_run_what_the_root_has_signed()
    {
        var job = await WriteJob("participants: {perRound: 2, minimum: 2}\ntiers:\n  - participants: {perRound: 1, minimum: 1}");

        var result = await Run(job, "--sites", "2", "--devices", "1");

        Assert.Equal(2, result.Report.GetProperty("version").GetInt32());
    }

    [Fact]
    public async Task Network_that_somebody_has_put_into_the_store_in_place_of_the_jobs_is_run_by_nobody()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(3));
        var job = await WriteJob("participants: {perRound: 1, minimum: 1}");
        await using var site = await SecuredSite.Start(limit.Token);
        Assert.Contains("is submitted", await site.Operate(limit.Token, "jobs", "submit", job), StringComparison.Ordinal);

        await site.Restart(store => Replace(store, HashOf("lenet.pt"), HashOf("batchnorm.pt")), limit.Token);
        site.Join("dev1", await site.Invite(limit.Token, "invite", "dev1"));

        await site.WaitForLog("is not signed by the site 'harbour' or one above it (its signature is of another network, or by another key)", limit.Token);
        var shown = await site.Operate(limit.Token, "jobs", "show", "signed");
        Assert.Contains("no participant can make the first version; 'dev1' says: the network 'nets/lenet.pt'", shown, StringComparison.Ordinal);
    }

    private static string HashOf(string name) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(WorkingTree.TorchScript(name))));

    /// <summary>As whoever can write to the store would: the job's state names another network from now on.</summary>
    private static void Replace(string store, string hash, string other)
    {
        var states = Directory.EnumerateFiles(store, "*", SearchOption.AllDirectories)
            .Where(file => new FileInfo(file).Length < 1 << 16 && File.ReadAllText(file).Contains($"\"{hash}\"", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(states);
        foreach (var state in states)
        {
            File.WriteAllText(state, File.ReadAllText(state).Replace(hash, other, StringComparison.Ordinal));
        }
    }

    private async Task<ClusterResult> Run(string job, params string[] arguments)
    {
        var result = await ClusterProcess.Run(_temporary, [.. arguments, "--data", "generated:200", "--job", job, "--json"]);
        Assert.True(result.ExitCode == 0, result.Errors);
        return result;
    }

    private async Task<string> WriteJob(string keys)
    {
        Directory.CreateDirectory(Path.Combine(_temporary, "nets"));
        File.Copy(WorkingTree.TorchScript("lenet.pt"), Path.Combine(_temporary, "nets", "lenet.pt"), overwrite: true);
        var file = Path.Combine(_temporary, "signed.yaml");
        await File.WriteAllTextAsync(
            file, $"job: signed\nmodel: nets/lenet.pt\ndata: digits\nrounds: 2\nseed: 5\ntraining: {{batchSize: 32}}\n{keys}\n", TestContext.Current.CancellationToken);
        return file;
    }
}
