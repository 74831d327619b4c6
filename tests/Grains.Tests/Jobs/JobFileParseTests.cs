using OrleansEdge.Contracts.Data;
using OrleansEdge.Contracts.Training;
using OrleansEdge.Grains.Jobs;

namespace OrleansEdge.Grains.Tests.Jobs;

public sealed class JobFileParseTests
{
    [Fact]
    public void Parse_of_the_smallest_file_fills_in_the_defaults()
    {
        var job = JobFiles.Parse(JobFiles.Smallest);

        Assert.Equal("digits", job.Job.Value);
        Assert.Equal("digits", job.Model.Value);
        Assert.Equal("digits", job.Data.Value);
        Assert.Equal(new JobNetwork("cnn", IsFile: false), job.Network);
        Assert.Equal(5, job.Rounds);
        Assert.Null(job.From);
        Assert.Null(job.Task);
        Assert.Equal("fedavg", job.Strategy.Name);
        Assert.Empty(job.Strategy.Options);
        Assert.Equal(new JobParticipants(), job.Participants);
        Assert.Null(job.Quorum);
        Assert.Equal(TimeSpan.FromMinutes(5), job.Deadline);
        Assert.Equal(MissedQuorum.Extend, job.OnMissedQuorum);
        Assert.Equal(new TrainingOptions { HeldOutShare = 0.1 }, job.Training);
        Assert.Equal(0UL, job.Seed);
        Assert.Equal(new JobEvaluation(), job.Evaluation);
    }

    [Fact]
    public void Parse_reads_every_key()
    {
        var job = JobFiles.Parse(
            """
            job: run-7
            model: ../nets/my net.pt
            publish: turbines
            from: turbines@12
            data: wind
            task: regression
            strategy: {name: trimmed, share: 0.25, power: -1}
            rounds: 100000
            participants: {fraction: 0.1, minimum: 40, overSelection: 1.5}
            quorum: 3
            deadline: 90s
            onMissedQuorum: skip
            training:
              localEpochs: 2
              batchSize: 16
              optimiser: {name: adam, learningRate: 1e-4, weightDecay: 0.01, beta1: 0.8, beta2: 0.99}
            seed: 18446744073709551615
            evaluation: {mode: federated, every: 5, heldOut: 0.2}
            """);

        Assert.Equal(("run-7", "turbines", "turbines@12", "wind"), (job.Job.Value, job.Model.Value, job.From.ToString(), job.Data.Value));
        Assert.Equal(new JobNetwork("../nets/my net.pt", IsFile: true), job.Network);
        Assert.Equal(TaskKind.Regression, job.Task);
        Assert.Equal([new("power", -1), new("share", 0.25)], job.Strategy.Options);
        Assert.Equal(100_000, job.Rounds);
        Assert.Equal(new JobParticipants { Fraction = 0.1, Minimum = 40, OverSelection = 1.5 }, job.Participants);
        Assert.Equal((3, TimeSpan.FromSeconds(90), MissedQuorum.Skip), (job.Quorum, job.Deadline, job.OnMissedQuorum));
        Assert.Equal(new OptimiserOptions { Kind = OptimiserKind.Adam, LearningRate = 1e-4, WeightDecay = 0.01, Beta1 = 0.8, Beta2 = 0.99 }, job.Training.Optimiser);
        Assert.Equal((2, 16, 0.2), (job.Training.Epochs, job.Training.BatchSize, job.Training.HeldOutShare));
        Assert.Equal(ulong.MaxValue, job.Seed);
        Assert.Equal(new JobEvaluation { Mode = EvaluationMode.Federated, Every = 5 }, job.Evaluation);
    }

    [Fact]
    public void Section_as_a_single_value_sets_its_main_key()
    {
        var job = JobFiles.ParseWith("strategy: coordinate-median\nparticipants: 4\nevaluation: central\ntraining: {optimiser: adam}\n");

        Assert.Equal("coordinate-median", job.Strategy.Name);
        Assert.Equal(new JobParticipants { PerRound = 4, Minimum = 4 }, job.Participants);
        Assert.Equal(EvaluationMode.Central, job.Evaluation.Mode);
        Assert.Equal(0, job.Training.HeldOutShare);
        Assert.Equal((OptimiserKind.Adam, 0.001), (job.Training.Optimiser.Kind, job.Training.Optimiser.LearningRate));
    }

    [Theory]
    [InlineData("participants: all\n", 1)]
    [InlineData("participants: {perRound: 4, minimum: 9}\n", 9)]
    [InlineData("participants: all\nquorum: 3\n", 3)]
    [InlineData("participants: {fraction: 0.1}\nquorum: 4\n", 31)]
    [InlineData("strategy: {name: krum, byzantine: 2}\n", 7)]
    [InlineData("strategy: krum\nparticipants: {fraction: 0.5}\n", 9)]
    public void Minimum_defaults_to_what_the_round_needs(string keys, int minimum) =>
        Assert.Equal(minimum, JobFiles.ParseWith(keys).Participants.Minimum);

    [Theory]
    [InlineData("2nn", false)]
    [InlineData("cnn", false)]
    [InlineData("niid-cnn", false)]
    [InlineData("logistic", false)]
    [InlineData("mlp:32,16", false)]
    [InlineData("mlp:8", false)]
    [InlineData("lenet.pt", true)]
    [InlineData("/models/lenet.pt", true)]
    [InlineData("'C:\\my nets\\größe.pt'", true)]
    public void Model_takes_a_built_in_network_or_a_file(string network, bool isFile) =>
        Assert.Equal(new JobNetwork(network.Trim('\''), isFile), JobFiles.Parse($"job: a\nmodel: {network}\ndata: a\nrounds: 1\n").Network);

    [Fact]
    public void Model_may_be_left_out_where_a_version_is_given() =>
        Assert.Null(JobFiles.Parse("job: a\nfrom: digits@3\ndata: a\nrounds: 1\n").Network);

    [Fact]
    public void Empty_section_means_its_defaults() =>
        Assert.Equal(JobFiles.Parse(JobFiles.Smallest), JobFiles.ParseWith("training:\n  # localEpochs: 2\nparticipants: {}\n"));

    [Theory]
    [InlineData("1s", 1)]
    [InlineData("120s", 120)]
    [InlineData("2m", 120)]
    [InlineData("3h", 10_800)]
    [InlineData("7d", 604_800)]
    public void Deadline_is_a_number_and_a_unit(string text, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), JobFiles.ParseWith($"deadline: {text}\n").Deadline);

    [Fact]
    public void Byte_order_mark_and_carriage_returns_are_accepted() =>
        Assert.Equal(JobFiles.Parse(JobFiles.Smallest), JobFiles.Parse("\uFEFF" + JobFiles.Smallest.ReplaceLineEndings("\r\n")));
}
