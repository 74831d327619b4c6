using System.Text.Json;
using OrleansEdge.Contracts.Faults;
using OrleansEdge.EndToEnd.Tests.LocalCluster;

namespace OrleansEdge.EndToEnd.Tests.Faults;

/// <summary>
/// Whatever is killed, stopped or cut off, at whatever point of a round: the job completes, every participant counts once in every round, and the
/// weights are those of an undisturbed run.
/// </summary>
[Trait("Category", "EndToEnd")]
public sealed class FaultMatrixTests(FaultMatrixTests.Site site) : IClassFixture<FaultMatrixTests.Site>
{
    /// <summary>Names the page that gets the result; set, all cells are run, and otherwise one of each row and each column.</summary>
    private const string PageVariable = "ORLEANSEDGE_FAULT_MATRIX";

    private const int Devices = 3;
    private const int Rounds = 4;

    /// <summary>A run takes less than a minute and a half, on a busy machine too.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private static string? Page => Environment.GetEnvironmentVariable(PageVariable) is { Length: > 0 } page ? page : null;

    public static TheoryData<string> Cells => [.. (Page is null ? FaultCell.Sample : FaultCell.All).Select(cell => cell.Fault.ToString())];

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task Job_ends_as_if_nothing_had_happened(string fault)
    {
        var cell = new FaultCell(PlannedFault.Parse(fault));
        try
        {
            var report = await site.Run(cell.Arguments);
            site.Note(cell, $"{report.GetProperty("seconds").GetDouble():0} s");
        }
        catch (Exception)
        {
            site.Note(cell, "**failed**");
            throw;
        }
    }

    [Fact]
    public void Sample_has_a_cell_of_each_target_and_of_each_action()
    {
        Assert.Subset(FaultCell.All.ToHashSet(), FaultCell.Sample.ToHashSet());
        Assert.Equal(Enum.GetValues<FaultTarget>(), FaultCell.Sample.Select(cell => cell.Fault.Target).Distinct().Order());
        Assert.Equal(Enum.GetValues<FaultAction>(), FaultCell.Sample.Select(cell => cell.Fault.Action).Distinct().Order());
    }

    /// <summary>The site of all cells: two silos with their store and their membership, and a small job.</summary>
    public sealed class Site : IAsyncLifetime
    {
        private readonly string temporary = Directory.CreateTempSubdirectory("orleansedge-faults-").FullName;
        private readonly FaultMatrixPage results = new();
        private string weights = "";

        private string JobFile => Path.Combine(temporary, "job.yaml");

        public async ValueTask InitializeAsync()
        {
            await File.WriteAllTextAsync(JobFile, $$"""
                job: matrix
                model: logistic
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
            weights = Weights(await Complete([]));
        }

        public ValueTask DisposeAsync()
        {
            Directory.Delete(temporary, recursive: true);
            if (Page is { } page)
            {
                results.WriteTo(page);
            }

            return ValueTask.CompletedTask;
        }

        internal void Note(FaultCell cell, string result) => results.Add(cell, result);

        /// <summary>Runs the job with one fault, and compares.</summary>
        internal async Task<JsonElement> Run(IReadOnlyList<string> fault)
        {
            var report = await Complete(fault);
            Assert.Equal(1, report.GetProperty("faults").GetArrayLength());
            Assert.Equal(weights, Weights(report));
            return report;
        }

        private async Task<JsonElement> Complete(IReadOnlyList<string> fault)
        {
            using var cluster = ClusterProcess.Start(temporary,
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

        private static string Weights(JsonElement report) => report.GetProperty("weights").GetString()!;
    }
}
