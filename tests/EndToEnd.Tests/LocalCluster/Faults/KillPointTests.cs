using OrleansEdge.Contracts.Faults;

namespace OrleansEdge.EndToEnd.Tests.LocalCluster.Faults;

/// <summary>Processes that die at every named point of a round, in a job so small that what is waited for is the processes' restarts.</summary>
[Trait("Category", "EndToEnd")]
public sealed class KillPointTests(KillPointTests.Undisturbed undisturbed) : IClassFixture<KillPointTests.Undisturbed>, IDisposable
{
    private const int Rounds = 10;

    /// <summary>What an update of the job's network has, in bytes: 784 × 10 weights and 10 biases.</summary>
    private const int UpdateBytes = 7850 * sizeof(float);

    private readonly string temporary = Directory.CreateTempSubdirectory("orleansedge-kills-").FullName;

    public void Dispose() => Directory.Delete(temporary, recursive: true);

    [Fact]
    public async Task Silo_that_dies_at_each_point_leaves_the_weights_as_they_are() =>
        await Run(SiloPoints.All.Select((point, index) => $"silo@{index + 1}:{point}"));

    [Fact]
    public async Task Host_of_a_shard_that_dies_at_each_point_leaves_the_weights_as_they_are() =>
        await Run(ShardPoints.All.Select((point, index) => $"silo.shard@{index + 1}:{point}"));

    [Fact]
    public async Task Agent_that_dies_at_each_point_leaves_the_weights_as_they_are_and_counts_what_it_sent_again()
    {
        var result = await Run(AgentPoints.All.Select((point, index) => $"agent@{index + 1}:{point}"));

        // The update was on its way once when it died while and after it was sent.
        Assert.InRange(result.Report.GetProperty("bytesResent").GetInt64(), 2 * UpdateBytes, AgentPoints.All.Count * UpdateBytes);
    }

    [Fact]
    public async Task Both_that_die_at_all_points_of_the_round_that_makes_the_first_version_leave_the_weights_as_they_are() =>
        await Run([.. SiloPoints.All.Select(point => $"silo@0:{point}"), .. AgentPoints.All.Select(point => $"agent@0:{point}")]);

    private async Task<ClusterResult> Run(IEnumerable<string> kills)
    {
        var planned = kills.ToList();
        var result = await ClusterProcess.Run(temporary, [.. undisturbed.Arguments, "--kill", string.Join(',', planned)]);

        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Equal(planned.Order(), result.Report.GetProperty("faults").EnumerateArray()
            .Select(fault => $"{fault.GetProperty("target")}@{fault.GetProperty("round")}:{fault.GetProperty("phase")}").Order());
        Assert.Equal(Rounds, result.Report.GetProperty("version").GetInt32());
        Assert.Equal(undisturbed.Weights, result.Weights);
        return result;
    }

    /// <summary>One run in peace, which the others are compared with.</summary>
    public sealed class Undisturbed : IAsyncLifetime
    {
        private readonly string temporary = Directory.CreateTempSubdirectory("orleansedge-kills-").FullName;

        internal string[] Arguments => ["--devices", "2", "--data", "generated:64", "--json", "--job", Path.Combine(temporary, "tiny.yaml")];

        internal string Weights { get; private set; } = "";

        public async ValueTask InitializeAsync()
        {
            await File.WriteAllTextAsync(Path.Combine(temporary, "tiny.yaml"), $$"""
                job: tiny
                model: logistic
                data: digits
                rounds: {{Rounds}}
                participants: {perRound: 2, minimum: 2}
                seed: 7
                evaluation: {mode: central, every: 4}
                """);
            var result = await ClusterProcess.Run(temporary, Arguments);
            Assert.True(result.ExitCode == 0, result.Errors);
            Weights = result.Weights;
        }

        public ValueTask DisposeAsync()
        {
            Directory.Delete(temporary, recursive: true);
            return ValueTask.CompletedTask;
        }
    }
}
