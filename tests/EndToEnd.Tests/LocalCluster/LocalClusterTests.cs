using System.Diagnostics;
using System.Text.Json;

namespace OrleansEdge.EndToEnd.Tests.LocalCluster;

/// <summary>Runs of the whole product as processes.</summary>
[Trait("Category", "EndToEnd")]
public sealed class LocalClusterTests(LocalClusterTests.Undisturbed undisturbed) : IClassFixture<LocalClusterTests.Undisturbed>, IDisposable
{
    internal static readonly string[] BadLinks = ["--faults", "drop:0.01 delay:20ms bandwidth:50mbit partition:5s@1 seed:3"];
    internal static readonly string[] Small = ["--devices", "2", "--rounds", "2", "--data", "generated:800", "--json"];
    private readonly string temporary = Directory.CreateTempSubdirectory("orleansedge test ").FullName;

    public void Dispose() => Directory.Delete(temporary, recursive: true);

    [Fact]
    public void Run_completes_and_reports_everything()
    {
        var report = undisturbed.Result.Report;

        Assert.True(undisturbed.Result.ExitCode == 0, undisturbed.Result.Errors);
        Assert.Equal(("digits", "digits", 2, 2), (Text(report, "job"), Text(report, "model"), Number(report, "version"), Number(report, "rounds")));
        Assert.Matches("^[0-9a-f]{64}$", Text(report, "weights"));
        Assert.InRange(report.GetProperty("accuracy").GetDouble(), 0, 1);
        Assert.All(["loss", "seconds", "bytesUp", "bytesDown"], name => Assert.True(report.GetProperty(name).GetDouble() > 0, name));
        Assert.Equal((0, 2, 0), (Number(report, "bytesResent"), Number(report, "participants"), Number(report, "failures")));
        Assert.Equal(0, report.GetProperty("faults").GetArrayLength());
        Assert.Contains("round 2 of 2: 2 updates", undisturbed.Result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Second_run_gives_the_same_weights_and_leaves_nothing()
    {
        using var cluster = ClusterProcess.Start(temporary, Small);

        var result = await cluster.WaitForEnd();

        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Equal(undisturbed.Result.Weights, result.Weights);
        Assert.Empty(cluster.LivingProcesses());
        Assert.Empty(Directory.EnumerateFileSystemEntries(temporary));
    }

    [Fact]
    public async Task Run_in_clear_gives_the_same_weights()
    {
        var result = await ClusterProcess.Run(temporary, [.. Small, "--insecure"]);

        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Equal(undisturbed.Result.Weights, result.Weights);
    }

    [Fact]
    public async Task Kills_of_an_agent_and_of_the_silo_leave_the_weights_as_they_are()
    {
        var work = Path.Combine(temporary, "work");

        var result = await ClusterProcess.Run(temporary, [.. Small, "--kill", "agent@1,silo@2", "--work", work]);

        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Equal(undisturbed.Result.Weights, result.Weights);
        Assert.Equal(["agent 1 uploading", "silo 2 closing"], result.Report.GetProperty("faults").EnumerateArray()
            .Select(fault => $"{Text(fault, "target")} {Number(fault, "round")} {Text(fault, "phase")}"));
        Assert.Equal(work, Text(result.Report, "work"));
        Assert.All(["job.yaml", "logs/silo.log", "logs/dev1.log", "logs/dev2.log", "agents/dev1", "store"], name =>
            Assert.True(Path.Exists(Path.Combine(work, name)), name));
    }

    [Fact]
    public async Task Bad_links_leave_the_weights_as_they_are()
    {
        var work = Path.Combine(temporary, "work");

        var result = await ClusterProcess.Run(temporary, [.. Small, .. BadLinks, "--work", work]);

        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Equal(undisturbed.Result.Weights, result.Weights);
        Assert.Contains("cannot take part at its site now", await Logs(work, "dev1", "dev2"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public async Task Signal_leaves_no_process_and_no_file(string signal, int exitCode)
    {
        using var cluster = ClusterProcess.Start(temporary, "--devices", "2", "--rounds", "1000", "--json");
        await cluster.WaitForLine("training");
        Assert.True(cluster.LivingProcesses().Count >= 4, cluster.Errors);

        await cluster.Signal(signal);
        var result = await cluster.WaitForEnd();

        Assert.Equal(exitCode, result.ExitCode);
        Assert.Empty(cluster.LivingProcesses());
        Assert.Empty(Directory.EnumerateFileSystemEntries(temporary));
        Assert.Contains("Interrupted", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Process_that_ends_by_itself_ends_the_run_and_its_last_words_are_shown()
    {
        using var cluster = ClusterProcess.Start(temporary, "--devices", "1", "--data", "csv:nowhere.csv?label=x", "--json");

        var result = await cluster.WaitForEnd();

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("The process dev1 ended by itself with exit code", result.Errors, StringComparison.Ordinal);
        Assert.Contains("dev1.log", result.Errors, StringComparison.Ordinal);
        Assert.Contains("nowhere.csv", result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Errors, StringComparison.Ordinal);
        Assert.Contains("dev1", Text(result.Report, "error"), StringComparison.Ordinal);
        Assert.Empty(cluster.LivingProcesses());
        Assert.Empty(Directory.EnumerateFileSystemEntries(temporary));
    }

    [Fact]
    public async Task Full_disk_ends_the_run_with_a_sentence()
    {
        var work = Directory.CreateDirectory(Path.Combine(temporary, "work")).FullName;
        Assert.SkipUnless(await Succeeds("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", work), "A full disk is a small tmpfs, which only root may mount.");
        try
        {
            var result = await ClusterProcess.Run(
                temporary, "--devices", "2", "--rounds", "3", "--data", "generated:200", "--json", "--work", work);

            Assert.Equal(1, result.ExitCode);
            Assert.Equal(
                $"The site could not go on for 90 seconds: No space left in '{work}/store' to write a blob of 'content': " +
                "free some space or give another folder.",
                Text(result.Report, "error"));
            Assert.DoesNotContain("   at ", result.Errors, StringComparison.Ordinal);
        }
        finally
        {
            await Succeeds("umount", work);
        }
    }

    [Fact]
    public async Task Finished_work_folder_is_not_run_again()
    {
        var result = await ClusterProcess.Run(temporary, [.. Small, "--work", undisturbed.Work]);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("has run to its end already", result.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--devices", "none")]
    [InlineData("--kill", "silo@1:nowhere")]
    [InlineData("--job", "nowhere.yaml")]
    [InlineData("--work", "/dev/null/work")]
    [InlineData("--frobnicate", "1")]
    public async Task Arguments_that_cannot_be_used_are_one_sentence_and_exit_code_2(string name, string value)
    {
        var result = await ClusterProcess.Run(temporary, name, value);

        Assert.Equal(2, result.ExitCode);
        Assert.Empty(result.Output);
        Assert.Matches("^[^\n]+\\.$", result.Errors);
        Assert.Contains(value == "1" ? name : value, result.Errors, StringComparison.Ordinal);
    }

    private static async Task<bool> Succeeds(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return process.ExitCode == 0;
    }

    private static async Task<string> Logs(string work, params string[] names) => string.Concat(await Task.WhenAll(
        names.Select(name => File.ReadAllTextAsync(Path.Combine(work, "logs", $"{name}.log"), TestContext.Current.CancellationToken))));

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private static int Number(JsonElement element, string name) => element.GetProperty(name).GetInt32();

    /// <summary>One run in peace, which the others are compared with.</summary>
    public sealed class Undisturbed : IAsyncLifetime
    {
        private readonly string temporary = Directory.CreateTempSubdirectory("orleansedge-test-").FullName;

        internal ClusterResult Result { get; private set; } = null!;

        internal string Work => Path.Combine(temporary, "work");

        public async ValueTask InitializeAsync() => Result = await ClusterProcess.Run(temporary, [.. Small, "--work", Work]);

        public ValueTask DisposeAsync()
        {
            Directory.Delete(temporary, recursive: true);
            return ValueTask.CompletedTask;
        }
    }
}
