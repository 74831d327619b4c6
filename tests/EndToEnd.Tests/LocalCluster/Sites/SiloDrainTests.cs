using System.Diagnostics;
using Microsoft.Extensions.Time.Testing;
using OrleansEdge.LocalCluster;
using OrleansEdge.LocalCluster.Faults;
using OrleansEdge.LocalCluster.Processes;
using OrleansEdge.LocalCluster.Sites;

namespace OrleansEdge.EndToEnd.Tests.LocalCluster.Sites;

/// <summary>Processes that are told to end.</summary>
public sealed class SiloDrainTests : IDisposable
{
    private readonly string temporary = Directory.CreateTempSubdirectory("orleansedge-drain-").FullName;
    private readonly FakeTimeProvider time = new();

    private static CancellationToken Limit => TestContext.Current.CancellationToken;

    private string Ready => Path.Combine(temporary, "ready");

    public void Dispose() => Directory.Delete(temporary, recursive: true);

    [Fact]
    public async Task Process_that_ends_is_told_with_its_exit_code()
    {
        await using var process = Start("exec cat");

        Assert.Equal(new Drain(0, 128 + 15), await SiloDrain.Run(process, time, Limit));
    }

    [Fact]
    public async Task Process_that_does_not_end_is_an_error_after_thirty_seconds()
    {
        using (var pipe = Process.Start("mkfifo", [Ready]))
        {
            await pipe.WaitForExitAsync(Limit);
        }

        await using var process = Start($"trap '' TERM; : > '{Ready}'; read line");
        await Task.Run(() => File.ReadAllBytes(Ready), Limit);
        var draining = SiloDrain.Run(process, time, Limit);
        time.Advance(TimeSpan.FromSeconds(29));
        Assert.False(draining.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));

        var error = await Assert.ThrowsAsync<ClusterException>(() => draining);
        Assert.Equal($"The process silo1 was told to end and has not ended within 30 seconds: its log is {process.Log.Path}.", error.Message);
    }

    private ManagedProcess Start(string script) => ManagedProcess.Start(
        new("silo1", "/bin/sh", ["-c", script], temporary), Path.Combine(temporary, "silo1.log"), (_, _) => null, TimeProvider.System);
}
