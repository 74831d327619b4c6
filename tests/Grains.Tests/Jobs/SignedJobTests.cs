using System.Collections.Concurrent;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Contracts.Rounds;
using OrleansEdge.Grains.Jobs;
using OrleansEdge.Grains.Jobs.Files;
using OrleansEdge.Grains.Tests.Cluster;

namespace OrleansEdge.Grains.Tests.Jobs;

/// <summary>A site's signature of a network, on its way to the participants.</summary>
public sealed class SignedJobTests
{
    private static readonly byte[] Network = [1, 2, 3];

    [Fact]
    public async Task Signature_is_in_every_instruction_and_stays_with_the_versions_for_the_jobs_that_start_from_them()
    {
        await using var fleet = await TestFleet.Start();
        await fleet.Site.Put(Network);
        var told = new ConcurrentQueue<(InstructionKind Kind, ModelSource? Source)>();
        fleet.Add(new FakeParticipant("p0", () => fleet.Site) { Width = 10, Refuse = instruction => Note(told, instruction) });
        var signed = new ModelSource("lenet.pt", ContentHash.Of(Network)) { Signature = new([1, 2], [[3], [4, 5]]) };

        var first = TestFleet.JobFile("rounds: 1\nevaluation: federated").Replace("logistic", "lenet.pt", StringComparison.Ordinal);
        await Submit(fleet, first, signed);
        Assert.Equal(JobPhase.Completed, (await fleet.Site.Ended("j")).Phase);
        await Submit(fleet, TestFleet.JobFile("rounds: 1", "k").Replace("model: logistic", "from: j@1", StringComparison.Ordinal), null);
        Assert.Equal(JobPhase.Completed, (await fleet.Site.Ended("k")).Phase);

        Assert.Equal(
            [InstructionKind.Initialise, InstructionKind.Train, InstructionKind.Evaluate, InstructionKind.Train],
            told.Where(entry => entry.Source is not null).Select(entry => entry.Kind));
        Assert.All(told.Where(entry => entry.Source is not null), entry => Assert.Equal(signed, entry.Source));
        Assert.Equal(signed, (await fleet.Site.Version("j")).Source);
        Assert.Equal(signed, (await fleet.Site.Version("k")).Source);
    }

    private static async Task Submit(TestFleet fleet, string file, ModelSource? source)
    {
        var definition = JobFile.Parse(file, "job.yaml", new StrategyDeclarations());
        Assert.Null(await fleet.Site.Job(definition.Job.Value).Submit(new(JobFile.Write(definition), source?.TorchScript, source?.Signature)));
    }

    private static string? Note(ConcurrentQueue<(InstructionKind Kind, ModelSource? Source)> told, Instruction instruction)
    {
        told.Enqueue((instruction.Id.Kind, instruction switch
        {
            InitialiseInstruction initialise => initialise.Source,
            TrainInstruction train => train.Source,
            EvaluateInstruction evaluate => evaluate.Source,
            _ => null,
        }));
        return null;
    }
}
