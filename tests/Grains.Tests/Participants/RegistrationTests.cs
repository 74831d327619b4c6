using System.Text;
using OrleansEdge.Contracts.Participants;
using OrleansEdge.Contracts.Sites;
using OrleansEdge.Grains.Tests.Cluster;
using OrleansEdge.Grains.Tests.Storage;

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

    [Theory]
    [InlineData(0)]
    [InlineData(99)]
    public async Task An_agent_of_another_contract_is_refused_with_a_sentence_and_leaves_nothing(int version)
    {
        await using var fleet = await TestFleet.Start();
        await using var stranger = new FakeParticipant("p0", () => fleet.Site) { ContractVersion = version };

        Assert.Equal(
            $"this site speaks version {SiteDescription.CurrentContractVersion} of the contract and the agent speaks version {version}: install the same release on both.",
            (await stranger.Register()).Refusal);
        Assert.Equal(SyncStanding.Unregistered, (await stranger.Sync()).Standing);
        Assert.Empty(await fleet.Site.Store.Entries("grainstate"));
    }

    [Fact]
    public async Task An_agent_that_registered_with_a_site_of_another_contract_must_register_again()
    {
        await using var fleet = await TestFleet.Start();
        await using var participant = new FakeParticipant("p0", () => fleet.Site);
        await participant.Register();
        var (_, before) = await fleet.ChangeAbandoned("participant", text =>
            text.Replace($"\"contractVersion\":{SiteDescription.CurrentContractVersion}", "\"contractVersion\":1", StringComparison.Ordinal));
        Assert.Contains($"\"contractVersion\":{SiteDescription.CurrentContractVersion}", Encoding.UTF8.GetString(before.Span), StringComparison.Ordinal);
        await fleet.Restart();

        Assert.Equal(SyncStanding.Unregistered, (await participant.Sync()).Standing);
        Assert.Null((await participant.Register()).Refusal);
        Assert.Equal(SyncStanding.Current, (await participant.Sync()).Standing);
    }
}
