using System.Diagnostics;
using OrleansEdge.EdgeAgent.Training;
using OrleansEdge.EdgeAgent.Training.Torch;
using OrleansEdge.Tests.Shared;

namespace OrleansEdge.EdgeAgent.Tests.Training.Torch;

public sealed class TorchScriptProbeTests
{
    private static readonly NetworkShape Images = new([1, 28, 28], 10);

    [Fact]
    public async Task File_that_allocates_without_bound_is_refused_at_the_memory_limit()
    {
        var before = Environment.WorkingSet;
        var probe = new TorchScriptProbe(new(1L << 30, TimeSpan.FromMinutes(2)), TimeProvider.System);

        var check = probe.CheckAsync(Trainers.Script("greedy"), null, Images, CancellationToken.None);
        var refusal = await Assert.ThrowsAsync<ModelException>(() => check);

        Assert.StartsWith("greedy.pt needs more than 1024 MiB of memory for 2 examples:", refusal.Message, StringComparison.Ordinal);
        Assert.InRange(Environment.WorkingSet - before, long.MinValue, 200L << 20);
    }

    [Fact]
    public async Task File_that_does_not_finish_is_refused_at_the_time_limit_and_its_process_ends()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Command lines of processes are read from /proc.");
        var probe = new TorchScriptProbe(new(16L << 30, TimeSpan.FromSeconds(0.2)), TimeProvider.System);

        var check = probe.CheckAsync(Trainers.Script("greedy"), null, Images, CancellationToken.None);
        var refusal = await Assert.ThrowsAsync<ModelException>(() => check);

        Assert.StartsWith("greedy.pt did not finish a trial on two examples within 0.2 seconds", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Process.GetProcessesByName("EdgeAgent"), TriesGreedyFile);
    }

    [Fact]
    public async Task Good_file_passes_and_is_tried_once()
    {
        var file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.pt");
        File.Copy(WorkingTree.TorchScript("lenet.pt"), file);
        var hash = Contracts.Identifiers.ContentHash.Of(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken));
        var probe = new TorchScriptProbe(ProbeLimits.Default, TimeProvider.System);

        await probe.CheckAsync(new(file, "lenet.pt"), hash, Images, CancellationToken.None);
        File.Delete(file);

        // Without the file, only what is remembered can answer.
        await probe.CheckAsync(new(file, "lenet.pt"), hash, Images, CancellationToken.None);
        await Assert.ThrowsAsync<ModelException>(() => probe.CheckAsync(new(file, "lenet.pt"), hash, Images with { Outputs = 3 }, CancellationToken.None));
    }

    // Other tests try other files at the same time.
    private static bool TriesGreedyFile(Process process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process.Id}/cmdline").Contains("greedy.pt", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }
}
