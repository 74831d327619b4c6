using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Participants;
using OrleansEdge.Grains.Coordination;
using OrleansEdge.Grains.Participants;

namespace OrleansEdge.Grains.Tests.Participants;

/// <summary>How many participants a site takes at once.</summary>
public sealed class FleetPlacesTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly CoordinationOptions _options = new() { MaximumParticipants = 2 };

    [Fact]
    public async Task One_more_than_there_are_places_is_not_admitted()
    {
        var fleet = Fleet();
        Assert.True(await fleet.Admit(Id(1)));
        await fleet.Announce(Entry(1));
        Assert.False(await fleet.IsFull());
        Assert.True(await fleet.Admit(Id(2)));
        Assert.True(await fleet.IsFull());
        Assert.False(await fleet.Admit(Id(3)));
    }

    [Fact]
    public async Task Who_has_a_place_keeps_it()
    {
        var fleet = Fleet();
        await fleet.Admit(Id(1));
        await fleet.Admit(Id(2));
        await fleet.Announce(Entry(1));
        Assert.True(await fleet.Admit(Id(1)));
        Assert.True(await fleet.Admit(Id(2)));
    }

    [Fact]
    public async Task Place_of_one_who_is_silent_or_never_came_is_free_again()
    {
        var fleet = Fleet();
        await fleet.Admit(Id(1));
        await fleet.Admit(Id(2));
        await fleet.Announce(Entry(1));
        _time.Advance(_options.Liveness);
        Assert.False(await fleet.IsFull());
        Assert.True(await fleet.Admit(Id(3)));
        Assert.True(await fleet.Admit(Id(4)));
        Assert.False(await fleet.Admit(Id(1)));
    }

    [Fact]
    public async Task Who_was_admitted_and_came_too_late_has_no_place_when_others_have_them()
    {
        var fleet = Fleet();
        await fleet.Admit(Id(1));
        _time.Advance(_options.Liveness);
        await fleet.Announce(Entry(2));
        await fleet.Announce(Entry(3));
        Assert.False(await fleet.Admit(Id(1)));
    }

    [Fact]
    public async Task Without_a_limit_there_is_always_a_place()
    {
        _options.MaximumParticipants = 0;
        var fleet = Fleet();
        for (var number = 0; number < 100; number++)
        {
            Assert.True(await fleet.Admit(Id(number)));
        }

        Assert.False(await fleet.IsFull());
    }

    private static ParticipantId Id(int number) => ParticipantId.Parse($"dev{number}");

    private FleetGrain Fleet() => new(null!, _time, new FleetCensus(_time, Options.Create(_options)), Options.Create(_options));

    private FleetEntry Entry(int number) => new(Id(number), [], _time.GetUtcNow(), _time.GetUtcNow(), new ParticipantActivity(null, 0));
}
