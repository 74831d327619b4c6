using System.Net;
using System.Net.Sockets;

namespace OrleansEdge.EndToEnd.Tests.LocalCluster;

/// <summary>A site of three silos, as processes.</summary>
[Trait("Category", "EndToEnd")]
public sealed class SeveralSilosTests(LocalClusterTests.Undisturbed undisturbed) : IClassFixture<LocalClusterTests.Undisturbed>, IDisposable
{
    private const int LongRounds = 150;
    private const double LongestDrain = 10;

    private static ClusterResult? longUndisturbed;

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
    public async Task Bad_links_between_silos_too_leave_the_weights_as_they_are()
    {
        Assert.SkipUnless(IsInstalled("redis-server"), "redis-server is not installed: apt-get install redis-server.");

        var result = await ClusterProcess.Run(
            temporary, [.. LocalClusterTests.Small, "--silos", "2", "--storage", "azurite", .. LocalClusterTests.BadLinks]);

        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Equal(undisturbed.Result.Weights, result.Weights);
    }

    [Fact]
    public async Task Rolling_restart_of_all_silos_ends_each_within_ten_seconds_and_loses_no_round()
    {
        Assert.SkipUnless(IsInstalled("redis-server"), "redis-server is not installed: apt-get install redis-server.");
        var job = await LongJob();
        using var cluster = ClusterProcess.Start(temporary, [.. job, "--silos", "3", "--storage", "azurite", "--rolling-restart", "5"]);

        var result = await cluster.WaitForEnd();

        await RequireAsUndisturbed(job, result);
        var restarts = result.Report.GetProperty("faults").EnumerateArray().ToList();
        Assert.Equal(
            ["silo1 restart", "silo2 restart", "silo3 restart"],
            restarts.Select(restart => $"{restart.GetProperty("name")} {restart.GetProperty("action")}"));
        Assert.All(restarts.Select(restart => restart.GetProperty("drain")), drain =>
        {
            Assert.Equal(0, drain.GetProperty("exitCode").GetInt32());
            Assert.InRange(drain.GetProperty("seconds").GetDouble(), 0, LongestDrain);
        });
        Assert.Equal(0, result.Report.GetProperty("roundsDoneOver").GetInt32());
        Assert.Equal(0, result.Report.GetProperty("failures").GetInt32());
        Assert.Empty(cluster.LivingProcesses());
    }

    [Fact]
    public async Task Redis_that_comes_back_empty_loses_no_round()
    {
        Assert.SkipUnless(IsInstalled("redis-server"), "redis-server is not installed: apt-get install redis-server.");
        var job = await LongJob();
        using var cluster = ClusterProcess.Start(temporary, [.. job, "--silos", "2", "--storage", "azurite"]);
        await cluster.WaitForLine("round 5 of");

        await Flush(new Uri(cluster.ArgumentOf("--cluster")).Port);
        var result = await cluster.WaitForEnd();

        await RequireAsUndisturbed(job, result);
        Assert.Empty(cluster.LivingProcesses());
    }

    /// <summary>Rounds enough for silos to be started again one after the other meanwhile.</summary>
    private async Task<string[]> LongJob()
    {
        var file = Path.Combine(temporary, "long.yaml");
        await File.WriteAllTextAsync(file, $$"""
            job: long
            model: logistic
            data: digits
            rounds: {{LongRounds}}
            participants: {perRound: 2, minimum: 2}
            quorum: all
            evaluation: none
            """, TestContext.Current.CancellationToken);
        return ["--devices", "2", "--data", "generated:200", "--job", file, "--json"];
    }

    private async Task RequireAsUndisturbed(string[] job, ClusterResult result)
    {
        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Equal((longUndisturbed ??= await ClusterProcess.Run(temporary, job)).Weights, result.Weights);
        Assert.Equal(LongRounds, result.Report.GetProperty("rounds").GetInt32());
    }

    private static async Task Flush(int redis)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, redis, TestContext.Current.CancellationToken);
        await using var stream = client.GetStream();
        await stream.WriteAsync("FLUSHALL\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        var answer = new byte[5];
        await stream.ReadExactlyAsync(answer, TestContext.Current.CancellationToken);
        Assert.Equal("+OK\r\n"u8.ToArray(), answer);
    }

    private static bool IsInstalled(string program) => Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, program)));
}
