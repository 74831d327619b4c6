using Microsoft.Extensions.Time.Testing;
using OrleansEdge.Grains.Audit;

namespace OrleansEdge.Grains.Tests.Audit;

public sealed class DenialTallyTests
{
    private readonly FakeTimeProvider _time = new(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    public void Equal_denials_are_one_record_with_their_number_and_the_time_of_the_first()
    {
        var tally = new DenialTally(_time);
        var first = _time.GetUtcNow();
        tally.Add(Denial("dev1"));
        _time.Advance(TimeSpan.FromSeconds(1));
        tally.Add(Denial("dev1"));
        tally.Add(Denial("dev2"));

        Assert.Equal([new(first, Denial("dev1"), 2), new(_time.GetUtcNow(), Denial("dev2"), 1)], tally.Take());
        Assert.Empty(tally.Take());
    }

    [Fact]
    public void A_flood_of_different_denials_takes_a_fixed_room_and_is_counted()
    {
        var tally = new DenialTally(_time);
        for (var index = 0; index < 10_000; index++)
        {
            tally.Add(Denial($"dev{index}"));
        }

        var records = tally.Take();
        Assert.Equal(DenialTally.Kept + 1, records.Length);
        Assert.Equal(10_000, records.Sum(record => record.Count));
    }

    [Fact]
    public void A_flood_that_goes_on_is_written_ever_more_rarely_and_a_quiet_time_ends_that()
    {
        var tally = new DenialTally(_time);
        var writes = 0;
        for (var second = 0; second < 3600; second++)
        {
            tally.Add(Denial("dev1"));
            writes += tally.Take().IsEmpty ? 0 : 1;
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.InRange(writes, 10, 25);
        tally.Take(all: true);
        for (var second = 0; second < 600; second++)
        {
            tally.Take();
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        tally.Add(Denial("dev1"));
        Assert.NotEmpty(tally.Take());
    }

    private static AuditEntry Denial(string who) => new(who, "Sync", AuditOutcome.Denied);
}
