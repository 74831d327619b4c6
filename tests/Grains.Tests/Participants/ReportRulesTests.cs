using System.Collections.Immutable;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Participants;
using OrleansEdge.Contracts.Rounds;
using OrleansEdge.Grains.Participants;
using OrleansEdge.Grains.Tests.Cluster;

namespace OrleansEdge.Grains.Tests.Participants;

public sealed class ReportRulesTests
{
    private static readonly Registration Good = new(new('a', 64), Guid.Empty, 1, new(4, 1L << 30, "Debian GNU/Linux 12", 1000, 0.5), [DataName.Parse("digits")]);
    private static readonly SyncReport Beat = new(Guid.Empty, new(null, 0), [], [], Wait: false);

    public static TheoryData<string> Introductions => [.. BadIntroductions.Keys];

    public static TheoryData<string> Heartbeats => [.. BadHeartbeats.Keys];

    private static Dictionary<string, Registration> BadIntroductions => new()
    {
        ["no key"] = Good with { InstanceKey = null! },
        ["a short key"] = Good with { InstanceKey = "aa" },
        ["a huge key"] = Good with { InstanceKey = new('a', 1 << 20) },
        ["a key that is none"] = Good with { InstanceKey = new('Z', 64) },
        ["no list of data"] = Good with { Data = default },
        ["too many data"] = Good with { Data = [.. Enumerable.Range(0, ReportRules.MaximumData + 1).Select(index => DataName.Parse($"d{index}"))] },
        ["data without a name"] = Good with { Data = [default] },
        ["no machine"] = Good with { Profile = null! },
        ["a system without a name"] = Good with { Profile = Good.Profile with { OperatingSystem = null! } },
        ["a system with a book for a name"] = Good with { Profile = Good.Profile with { OperatingSystem = new('a', 1 << 20) } },
        ["a system that breaks the line"] = Good with { Profile = Good.Profile with { OperatingSystem = "Linux\n2026-01-01 fail: all is lost" } },
        ["a speed that is no number"] = Good with { Profile = Good.Profile with { TrainingSpeed = double.NaN } },
    };

    private static Dictionary<string, SyncReport> BadHeartbeats => new()
    {
        ["no activity"] = Beat with { Activity = null! },
        ["no list of rounds"] = Beat with { Outbox = default },
        ["no list of instructions"] = Beat with { Finished = default },
        ["too many rounds"] = Beat with { Outbox = Rounds(ReportRules.MaximumRounds + 1) },
        ["a round of no job"] = Beat with { Outbox = [default] },
        ["an instruction of no job"] = Beat with { Activity = new(default(InstructionId), 0) },
        ["a finished one of no job"] = Beat with { Finished = [default] },
        ["progress that is no number"] = Beat with { Activity = new(null, double.NaN) },
    };

    [Fact]
    public void What_an_agent_says_is_accepted()
    {
        Assert.Null(ReportRules.Refuse(Good));
        ReportRules.Require(Beat with { Outbox = Rounds(ReportRules.MaximumRounds) });
    }

    [Theory]
    [MemberData(nameof(Introductions))]
    public void An_introduction_is_refused_with_a_sentence_for(string fault) => Assert.EndsWith(".", ReportRules.Refuse(BadIntroductions[fault]), StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(Heartbeats))]
    public void A_heartbeat_is_refused_with_a_sentence_for(string fault) => Assert.Throws<ArgumentException>(() => ReportRules.Require(BadHeartbeats[fault]));

    [Fact]
    public async Task A_device_that_names_rounds_without_end_leaves_nothing_behind()
    {
        await using var fleet = await TestFleet.Start();
        await using var device = new FakeParticipant("p0", () => fleet.Site);
        await device.Register();
        var grain = fleet.Site.Grains.GetGrain<IParticipantGrain>("p0");
        for (var beat = 0; beat < 20; beat++)
        {
            var outbox = Rounds(ReportRules.MaximumRounds, beat * ReportRules.MaximumRounds);
            var reply = await grain.Sync(new(device.Process, new(null, 0), [], outbox, false), CancellationToken.None);
            Assert.Equal(SyncStanding.Current, reply.Standing);
        }

        await Assert.ThrowsAsync<ArgumentException>(() => grain.Sync(new(device.Process, new(null, 0), [], Rounds(ReportRules.MaximumRounds + 1), false), CancellationToken.None).AsTask());
        Assert.Single(await fleet.States("participant"));
        Assert.Empty(await fleet.States("job"));
        Assert.Equal(SyncStanding.Current, (await device.Sync()).Standing);
    }

    private static ImmutableArray<RoundKey> Rounds(int count, int first = 0) =>
        [.. Enumerable.Range(first, count).Select(number => new RoundKey(JobId.Parse("nobodys"), number))];
}
