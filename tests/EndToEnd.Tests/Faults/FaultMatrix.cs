using System.Text.Json;
using OrleansEdge.Contracts.Faults;
using OrleansEdge.EndToEnd.Tests.LocalCluster;

namespace OrleansEdge.EndToEnd.Tests.Faults;

/// <summary>
/// Runs cells of the matrix: two silos with their store and their membership, a small job, and one fault. The model has two shards, so that one is in
/// the silo that has the round and the other is not.
/// </summary>
public sealed class FaultMatrix : IAsyncLifetime
{
    private const int Devices = 3;
    private const int Rounds = 4;

    /// <summary>A run takes less than a minute and a half, on a busy machine too.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private static readonly SemaphoreSlim First = new(1);
    private static string? undisturbed;

    private readonly string _temporary = Directory.CreateTempSubdirectory("orleansedge-faults-").FullName;

    /// <summary>The cells to run.</summary>
    internal static IEnumerable<FaultCell> Cells => FaultMatrixPage.Wanted is null ? FaultCell.Sample : FaultCell.All;

    private string JobFile => Path.Combine(_temporary, "job.yaml");

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(JobFile, $$"""
            job: matrix
            model: mlp:1400
            publish: matrix
            data: digits
            rounds: {{Rounds}}
            participants: {perRound: {{Devices}}, minimum: {{Devices}}}
            quorum: all
            deadline: 5m
            onMissedQuorum: extend
            training: {localEpochs: 1, batchSize: 16}
            seed: 1
            evaluation: none
            """);
        await First.WaitAsync();
        try
        {
            undisturbed ??= Weights(await Complete([]));
        }
        finally
        {
            First.Release();
        }
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_temporary, recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>Runs the job with one fault, compares, and notes the result.</summary>
    internal async Task Run(string fault)
    {
        var cell = new FaultCell(PlannedFault.Parse(fault));
        try
        {
            var report = await Complete(cell.Arguments);
            Assert.Equal(1, report.GetProperty("faults").GetArrayLength());
            Assert.Equal(undisturbed, Weights(report));
            FaultMatrixPage.Wanted?.Add(cell, $"{report.GetProperty("seconds").GetDouble():0} s");
        }
        catch (Exception)
        {
            FaultMatrixPage.Wanted?.Add(cell, "**failed**");
            throw;
        }
    }

    private static string Weights(JsonElement report) => report.GetProperty("weights").GetString()!;

    private async Task<JsonElement> Complete(IReadOnlyList<string> fault)
    {
        using var cluster = ClusterProcess.Start(_temporary,
        [
            "--silos", "2", "--storage", "azurite", "--devices", $"{Devices}", "--data", "generated:300", "--job", JobFile, "--json", .. fault,
        ]);
        var result = await cluster.WaitForEnd().WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.True(result.ExitCode == 0, result.Errors);
        var report = result.Report;
        Assert.Equal(
            (Rounds, Rounds, 0),
            (report.GetProperty("rounds").GetInt32(), report.GetProperty("version").GetInt32(), report.GetProperty("failures").GetInt32()));
        Assert.Empty(cluster.LivingProcesses());
        return report;
    }
}
