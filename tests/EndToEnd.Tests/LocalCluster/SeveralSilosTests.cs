namespace OrleansEdge.EndToEnd.Tests.LocalCluster;

/// <summary>A site of three silos, as processes.</summary>
[Trait("Category", "EndToEnd")]
public sealed class SeveralSilosTests(LocalClusterTests.Undisturbed undisturbed) : IClassFixture<LocalClusterTests.Undisturbed>, IDisposable
{
    private readonly string temporary = Directory.CreateTempSubdirectory("orleansedge-test-").FullName;

    public void Dispose() => Directory.Delete(temporary, recursive: true);

    [Fact]
    public async Task Silos_that_die_with_the_round_and_come_back_elsewhere_give_the_weights_of_one_silo_alone()
    {
        Assert.SkipUnless(IsInstalled("redis-server"), "redis-server is not installed: apt-get install redis-server.");
        using var cluster = ClusterProcess.Start(
            temporary, [.. LocalClusterTests.Small, "--silos", "3", "--storage", "azurite", "--new-ports", "--kill", "silo@1:collecting,silo@2:publishing"]);

        var result = await cluster.WaitForEnd();

        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Equal(undisturbed.Result.Weights, result.Weights);
        Assert.Equal(
            ["1 collecting", "2 publishing"],
            result.Report.GetProperty("faults").EnumerateArray().Select(fault => $"{fault.GetProperty("round")} {fault.GetProperty("phase")}"));
        Assert.Empty(cluster.LivingProcesses());
        Assert.Empty(Directory.EnumerateFileSystemEntries(temporary));
    }

    [Fact]
    public async Task Rolling_restart_of_all_silos_loses_no_round()
    {
        Assert.SkipUnless(IsInstalled("redis-server"), "redis-server is not installed: apt-get install redis-server.");
        string[] job = ["--devices", "2", "--data", "generated:200", "--job", "", "--json"];
        job[^2] = Path.Combine(temporary, "rolling.yaml");
        await File.WriteAllTextAsync(job[^2], """
            job: rolling
            model: logistic
            data: digits
            rounds: 150
            participants: {perRound: 2, minimum: 2}
            quorum: all
            evaluation: none
            """, TestContext.Current.CancellationToken);
        var still = await ClusterProcess.Run(temporary, job);
        using var cluster = ClusterProcess.Start(temporary, [.. job, "--silos", "3", "--storage", "azurite", "--rolling-restart", "5"]);

        var result = await cluster.WaitForEnd();

        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Equal(still.Weights, result.Weights);
        Assert.Equal(150, result.Report.GetProperty("rounds").GetInt32());
        Assert.Equal(
            ["silo1 restart", "silo2 restart", "silo3 restart"],
            result.Report.GetProperty("faults").EnumerateArray().Select(fault => $"{fault.GetProperty("name")} {fault.GetProperty("action")}"));
        Assert.Equal(0, result.Report.GetProperty("failures").GetInt32());
        Assert.Empty(cluster.LivingProcesses());
    }

    private static bool IsInstalled(string program) => Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, program)));
}
