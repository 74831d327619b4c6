using OrleansEdge.EndToEnd.Tests.Security;
using OrleansEdge.EndToEnd.Tests.Telemetry;

namespace OrleansEdge.EndToEnd.Tests.Sites;

/// <summary>A device that knows two sites, all as real processes.</summary>
[Trait("Category", "EndToEnd")]
public sealed class MovingDeviceTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);
    private static readonly Dictionary<string, string> Nothing = [];

    [Fact]
    public async Task A_device_whose_site_is_gone_for_good_goes_on_at_another_and_offers_that_one_nothing_of_the_first()
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        cancellation.CancelAfter(Limit);
        using var harbour = new TestSite();
        using var quarry = new TestSite("quarry", seed: 8);
        await using var second = await quarry.StartSilo(Nothing, cancellation.Token);
        await quarry.SubmitJob(cancellation.Token);
        await using var first = await harbour.StartSilo(harbour.Killed("silo@1:closing"), cancellation.Token);
        await harbour.SubmitJob(cancellation.Token);
        await using var agent = harbour.StartAgent(Nothing, "--fallback", quarry.Address.ToString(), "--patience", "5");

        await first.WaitForExit(cancellation.Token);
        await agent.WaitForLine("The kept update of traced:1 was made for the site 'harbour' and is thrown away", cancellation.Token);
        await agent.WaitForLine("takes part at site 'quarry'", cancellation.Token);
        await quarry.Completed("traced", cancellation.Token);

        Assert.Equal(0, await agent.Stop(cancellation.Token));
        Assert.Equal(0, await second.Stop(cancellation.Token));
    }

    [Fact]
    public async Task A_device_that_has_offered_its_update_from_a_version_to_another_site_is_not_waited_for()
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        cancellation.CancelAfter(Limit);
        using var harbour = new TestSite();
        using var quarry = new TestSite("quarry");
        await using var second = await quarry.StartSilo(Nothing, cancellation.Token);
        await quarry.SubmitJob(cancellation.Token);
        await using var first = await harbour.StartSilo(harbour.Killed("silo@1:closing"), cancellation.Token);
        await harbour.SubmitJob(cancellation.Token);
        await using var agent = harbour.StartAgent(Nothing, "--fallback", quarry.Address.ToString(), "--patience", "5");

        await first.WaitForExit(cancellation.Token);
        await agent.WaitForLine("takes part at site 'quarry'", cancellation.Token);
        await second.WaitForLine("'dev1' has withdrawn, and is not waited for: it has offered what it trained from this version to the site 'harbour'", cancellation.Token);
        await using var other = quarry.StartDevice("dev2", Nothing);
        await quarry.Completed("traced", cancellation.Token);

        Assert.Equal(0, await other.Stop(cancellation.Token));
        Assert.Equal(0, await agent.Stop(cancellation.Token));
        Assert.Equal(0, await second.Stop(cancellation.Token));
    }

    [Fact]
    public async Task A_device_whose_site_is_full_takes_part_at_another()
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        cancellation.CancelAfter(Limit);
        using var harbour = new TestSite();
        using var quarry = new TestSite("quarry");
        await using var first = await harbour.StartSilo(new Dictionary<string, string> { ["Coordination__MaximumParticipants"] = "1" }, cancellation.Token);
        await using var second = await quarry.StartSilo(Nothing, cancellation.Token);
        await using var one = harbour.StartAgent(Nothing);
        await one.WaitForLine("'dev1' takes part at site 'harbour'", cancellation.Token);
        await using var other = harbour.StartDevice("dev2", Nothing, "--fallback", quarry.Address.ToString(), "--patience", "5");
        await using var waiting = harbour.StartDevice("dev3", Nothing);

        await other.WaitForLine("'dev2' takes part at site 'quarry'", cancellation.Token);
        await waiting.WaitForLine("this site is full, with places for 1: give the device another site with --fallback", cancellation.Token);

        Assert.Equal(0, await waiting.Stop(cancellation.Token));
        Assert.Equal(0, await other.Stop(cancellation.Token));
        Assert.Equal(0, await one.Stop(cancellation.Token));
        Assert.Equal(0, await first.Stop(cancellation.Token));
        Assert.Equal(0, await second.Stop(cancellation.Token));
    }

    [Fact]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public async Task A_device_with_certificates_enrols_at_both_sites_and_is_the_same_at_the_other()
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        cancellation.CancelAfter(Limit);
        await using var cloud = await SecuredSite.Start(cancellation.Token, "cloud");
        await using var harbour = await cloud.StartBelow("harbour", await cloud.InviteSite("harbour", cancellation.Token), cancellation.Token);
        var other = await cloud.Invite(cancellation.Token, "invite", "dev1");
        var agent = cloud.Join(
            "dev1", await harbour.Invite(cancellation.Token, "invite", "dev1"), harbour.Address, null, "--fallback", $"{cloud.Address}={other}", "--patience", "5");
        await agent.WaitForLine("'dev1' takes part at site 'harbour'", cancellation.Token);
        await agent.WaitForLine($"is ready for the site at {cloud.Address}", cancellation.Token);

        await harbour.DisposeAsync();
        await agent.WaitForLine("'dev1' takes part at site 'cloud'", cancellation.Token);

        Assert.Matches("dev1 +alive", await cloud.Operate(cancellation.Token, "devices", "list"));
        Assert.Equal(0, await agent.Stop(cancellation.Token));
    }
}
