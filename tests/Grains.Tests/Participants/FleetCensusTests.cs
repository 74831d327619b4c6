using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Participants;
using OrleansEdge.Contracts.Rounds;
using OrleansEdge.Grains.Coordination;
using OrleansEdge.Grains.Participants;

namespace OrleansEdge.Grains.Tests.Participants;

public sealed class FleetCensusTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly FleetCensus _census;

    public FleetCensusTests() => _census = new(_time, Options.Create(new CoordinationOptions { Liveness = TimeSpan.FromSeconds(15) }));

    [Fact]
    public void Participant_is_counted_once_and_as_what_it_said_last()
    {
        Announce("dev1", isWorking: true);
        Announce("dev2", isWorking: true);
        Announce("dev2", isWorking: false);
        Assert.Equal((2, 1, 0), _census.Take());
    }

    [Fact]
    public void Participant_that_is_silent_for_its_lifetime_is_no_longer_live()
    {
        Announce("dev1", isWorking: true);
        _time.Advance(TimeSpan.FromSeconds(10));
        Announce("dev2", isWorking: false);
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal((1, 0, 1), _census.Take());
    }

    [Fact]
    public void Participant_that_comes_back_is_live_again()
    {
        Announce("dev1", isWorking: false);
        _time.Advance(TimeSpan.FromMinutes(1));
        Announce("dev1", isWorking: true);
        Assert.Equal((1, 1, 0), _census.Take());
    }

    [Fact]
    public void Participant_that_has_left_is_forgotten()
    {
        Announce("dev1", isWorking: false);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal((0, 0, 0), _census.Take());
    }

    private void Announce(string participant, bool isWorking) => _census.Count(new FleetEntry(
        ParticipantId.Parse(participant), [], _time.GetUtcNow(), _time.GetUtcNow(),
        new ParticipantActivity(isWorking ? new InstructionId(new RoundKey(JobId.Parse("job"), 1), InstructionKind.Train) : null, 0)));
}
