using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Contracts.Rounds;
using OrleansEdge.Grains.Jobs;
using OrleansEdge.Grains.Models;
using OrleansEdge.Grains.Rounds;
using OrleansEdge.Grains.Storage.Json;
using OrleansEdge.Grains.Tests.Cluster;

namespace OrleansEdge.Grains.Tests.Coordination;

public sealed class StateSizeTests
{
    private const int Limit = 64 * 1024;

    [Fact]
    public async Task No_state_grows_with_rounds()
    {
        await using var fleet = await TestFleet.Start();
        fleet.Add(2, width: 10);
        await fleet.Site.Submit(TestFleet.JobFile("rounds: 50\nparticipants: {perRound: 2, minimum: 2}"));
        await Polling.Until(async () => (await fleet.Site.Status("j")).Round >= 5, "five rounds");
        Assert.Equal(JobPhase.Completed, (await fleet.Site.Ended("j", 60)).Phase);
        Assert.Equal(50, (await fleet.Site.Version("j")).Id.Number);
        var states = await fleet.States();
        Assert.NotEmpty(states);
        Assert.All(states, state => Assert.True(state.Length < 4096, $"{state.Name} has {state.Length} bytes"));
    }

    [Fact]
    public void A_thousand_participants_fit_in_a_round_and_in_a_job()
    {
        var participants = Enumerable.Range(0, 1000).Select(index => ParticipantId.Parse($"harbour/device-{index:D6}")).ToArray();
        var round = new RoundState { Phase = RoundPhase.Closing, Selected = [.. participants], Contributors = [.. participants], Goal = 1000 };
        var hash = ContentHash.Of([1]);
        var job = new JobState
        {
            Phase = JobPhase.Evaluating,
            Definition = new('x', 4096),
            Outcome = new(RoundKey.Parse("j:1"), new VersionRecord
            {
                Id = ModelVersionId.Parse("m@1"),
                Manifest = hash,
                Source = new("cnn", null),
                Task = hash,
                Contributors = [.. participants],
            }, null, 1000, 0, 0, 0, null),
        };
        var model = new ModelState
        {
            Published = [.. Enumerable.Range(0, ModelState.JobsKept).Select(index => new PublishedRound(JobId.Parse(new string('j', 60) + index), 1, 1))],
            Promotions = [.. Enumerable.Range(0, ModelState.PromotionsKept)],
        };
        Assert.InRange(Size(round), 1, Limit);
        Assert.InRange(Size(job), 1, Limit);
        Assert.InRange(Size(model), 1, Limit);
    }

    private static int Size<T>(T state) => System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(state, StateJson.Options).Length;
}
