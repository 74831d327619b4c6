using OrleansEdge.Grains.Jobs;
using OrleansEdge.Grains.Jobs.Files;

namespace OrleansEdge.Grains.Tests.Jobs;

public sealed class JobTierTests
{
    private const string TwoTiers = """
        staleness: {maximum: 4, exponent: 1}
        tiers:
          - rounds: 3
            strategy: {name: krum, byzantine: 1}
            participants: {perRound: 5}
            quorum: 5
            deadline: 30s
            onMissedQuorum: skip
            staleness: 2
            autonomy: 7
            evaluation: {mode: central, every: 2}
          - {}

        """;

    [Fact]
    public void Tier_is_what_a_site_runs_and_the_last_one_has_none_below()
    {
        var job = JobFiles.ParseWith(TwoTiers);
        Assert.Equal(new JobStaleness(4, 1), job.Staleness);
        Assert.Equal(0, job.Autonomy);

        var site = Assert.IsType<JobDefinition>(job.Below);
        Assert.Equal((3, "krum", 5, 7), (site.Rounds, site.Strategy.Name, site.Quorum, site.Autonomy));
        Assert.Equal((TimeSpan.FromSeconds(30), MissedQuorum.Skip), (site.Deadline, site.OnMissedQuorum));
        Assert.Equal(new JobParticipants { PerRound = 5, Minimum = 5 }, site.Participants);
        Assert.Equal(new JobStaleness(2, JobStaleness.DefaultExponent), site.Staleness);
        Assert.Equal(new JobEvaluation { Mode = EvaluationMode.Central, Every = 2 }, site.Evaluation);
        Assert.Equal((job.Training, job.Data, job.Network, job.Seed), (site.Training, site.Data, site.Network, site.Seed));

        var lowest = Assert.IsType<JobDefinition>(site.Below);
        Assert.Equal((1, "fedavg", null, 0, JobStaleness.None), (lowest.Rounds, lowest.Strategy.Name, lowest.Quorum, lowest.Autonomy, lowest.Staleness));
        Assert.Equal(EvaluationMode.None, lowest.Evaluation.Mode);
        Assert.Null(lowest.Below);
    }

    [Theory]
    [InlineData("")]
    [InlineData("tiers:\n")]
    [InlineData("tiers: []\n")]
    [InlineData("tiers: [{}]\n")]
    [InlineData(TwoTiers)]
    [InlineData("training: {localSteps: 60}\ntiers:\n  - rounds: 4\n")]
    public void What_is_written_is_read_as_the_same(string keys)
    {
        var job = JobFiles.ParseWith(keys);
        for (var tier = job; tier is not null; tier = tier.Below)
        {
            var written = JobFile.Write(tier);
            Assert.Equal(tier with { Autonomy = 0 }, JobFile.Parse(written, "job.yaml", new FakeStrategies(), isOfTier: tier != job));
        }
    }

    [Theory]
    [InlineData("tiers: 3\n", "'tiers' must be a list of at most 4 tiers")]
    [InlineData("tiers: {rounds: 2}\n", "'tiers' must be a list of at most 4 tiers")]
    [InlineData("tiers: [{}, {}, {}, {}, {}]\n", "'tiers' must be a list of at most 4 tiers")]
    [InlineData("tiers: [fedavg]\n", "a tier must be a mapping with the keys rounds")]
    [InlineData("tiers:\n  - rounds: 0\n", "'rounds' must be a whole number from 1 to 1000, not '0'")]
    [InlineData("tiers:\n  - training: {batchSize: 3}\n", "unknown key 'training'")]
    [InlineData("tiers:\n  - tiers: []\n", "unknown key 'tiers'")]
    [InlineData("tiers:\n  - quorum: 3\n    participants: 2\n", "'quorum' must be at most 2")]
    [InlineData("evaluation: none\ntiers:\n  - evaluation: federated\n", "a tier's 'evaluation.mode' can be federated only where the job's is")]
    [InlineData("autonomy: 3\n", "unknown key 'autonomy'")]
    [InlineData("staleness: 17\n", "must be a whole number from 0 to 16")]
    [InlineData("training: {localSteps: 3, localEpochs: 1}\n", "'training.localEpochs' and 'training.localSteps' exclude each other")]
    public void What_does_not_fit_is_said_in_a_sentence(string keys, string expected) => Assert.Contains(
        expected, Assert.Throws<JobFileException>(() => JobFiles.ParseWith(keys)).Message, StringComparison.Ordinal);
}
