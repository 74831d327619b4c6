using OrleansEdge.Contracts.Models;
using OrleansEdge.Grains.Jobs;
using OrleansEdge.Grains.Jobs.Files;

namespace OrleansEdge.Grains.Tests.Jobs;

public sealed class JobFileWriteTests
{
    [Fact]
    public void Write_spells_out_every_default() => Assert.Equal(
        """
        job: digits
        model: cnn
        publish: digits
        data: digits
        strategy:
          name: krum
          byzantine: 1
        rounds: 5
        participants:
          perRound: all
          minimum: 5
          overSelection: 1
        quorum: all
        deadline: 5m
        onMissedQuorum: extend
        staleness:
          maximum: 0
          exponent: 0.5
        training:
          localEpochs: 1
          batchSize: 32
          optimiser:
            name: sgd
            learningRate: 0.05
            momentum: 0
            weightDecay: 0
        seed: 0
        evaluation:
          mode: federated
          every: 1
          heldOut: 0.1

        """.ReplaceLineEndings("\n"), JobFile.Write(JobFiles.ParseWith("strategy: krum\n")));

    [Theory]
    [InlineData("")]
    [InlineData("strategy: {name: trimmed, share: 1e-9, power: -0.1}\n")]
    [InlineData("strategy: {name: krum, byzantine: 1000}\n")]
    [InlineData("participants: {fraction: 0.123456789, overSelection: 1.7}\n")]
    [InlineData("participants: {perRound: 4, minimum: 9, overSelection: 1.7}\nquorum: 2\n")]
    [InlineData("from: digits@0\npublish: 'null'\ntask: classification\n")]
    [InlineData("deadline: 3601s\nonMissedQuorum: fail\nseed: 18446744073709551615\n")]
    [InlineData("training: {optimiser: {name: adam, beta2: 0.5}}\nevaluation: none\n")]
    public void Parse_of_what_was_written_gives_the_same_definition(string keys)
    {
        var job = JobFiles.ParseWith(keys);
        var text = JobFile.Write(job);

        Assert.Equal(job, JobFiles.Parse(text));
        Assert.Equal(text, JobFile.Write(JobFiles.Parse(text)));
    }

    [Theory]
    [InlineData("it's # here: yes.pt")]
    [InlineData("-dash.pt")]
    [InlineData("{x}, [y] & *z \"q\" \\ %.pt")]
    [InlineData("größe😀.pt")]
    [InlineData("!tag.pt")]
    public void Path_with_marks_of_yaml_survives(string path)
    {
        var job = JobFiles.Parse(JobFiles.Smallest) with { Network = new JobNetwork(path, IsFile: true) };

        Assert.Equal(job, JobFiles.Parse(JobFile.Write(job)));
    }

    [Fact]
    public void Job_without_a_network_of_its_own_survives()
    {
        var job = JobFiles.Parse(JobFiles.Smallest) with { Network = null, From = ModelVersionId.Parse("digits@7") };

        Assert.Equal(job, JobFiles.Parse(JobFile.Write(job)));
    }

    [Fact]
    public void Strategies_with_other_values_differ() => Assert.NotEqual(
        JobFiles.ParseWith("strategy: {name: krum, byzantine: 1}\n").Strategy, JobFiles.ParseWith("strategy: {name: krum, byzantine: 2}\n").Strategy);
}
