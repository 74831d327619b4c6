using OrleansEdge.Contracts.Participants;
using OrleansEdge.Grains.Tests.Cluster;

namespace OrleansEdge.Grains.Tests.Participants;

public sealed class RegistrationTests
{
    [Fact]
    public async Task The_same_key_supersedes_at_once_and_another_is_refused()
    {
        await using var fleet = await TestFleet.Start();
        var first = fleet.New("p0");
        var second = fleet.New("p0");
        await using var thief = new FakeParticipant("p0", () => fleet.Site) { Key = new('b', 64) };
        Assert.Equal(SyncStanding.Unregistered, (await first.Sync()).Standing);
        Assert.Null((await first.Register()).Refusal);
        Assert.Equal(SyncStanding.Current, (await first.Sync()).Standing);
        Assert.Contains("belongs to another installation", (await thief.Register()).Refusal, StringComparison.Ordinal);
        Assert.Null((await second.Register()).Refusal);
        Assert.Equal(SyncStanding.Superseded, (await first.Sync()).Standing);
        Assert.Equal(SyncStanding.Current, (await second.Sync()).Standing);
        await fleet.Restart();
        Assert.Equal(SyncStanding.Current, (await second.Sync()).Standing);
        Assert.NotNull((await thief.Register()).Refusal);
    }

    [Fact]
    public async Task Of_two_keys_at_once_one_owns_the_id()
    {
        await using var fleet = await TestFleet.Start();
        var claims = Enumerable.Range(0, 6).Select(index => new FakeParticipant("p0", () => fleet.Site) { Key = new((char)('a' + index), 64) }).ToArray();
        var replies = await Task.WhenAll(claims.Select(claim => claim.Register()));
        var owner = Assert.Single(Enumerable.Range(0, 6), index => replies[index].Refusal is null);
        Assert.Equal(SyncStanding.Current, (await claims[owner].Sync()).Standing);
    }
}
