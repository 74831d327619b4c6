using OrleansEdge.EndToEnd.Tests.Telemetry;

namespace OrleansEdge.EndToEnd.Tests.Security;

/// <summary>Sites below sites, as their operators make them: one authority, and each vouches only for its own.</summary>
[Trait("Category", "EndToEnd")]
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class SiteEnrolmentTests
{
    [Fact]
    public async Task Invited_site_serves_its_own_devices_and_those_of_one_site_have_no_place_at_the_other()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(3));
        await using var cloud = await SecuredSite.Start(limit.Token, "cloud");
        var invitation = await cloud.InviteSite("harbour", limit.Token);
        await Refused(cloud.Join("harbour", invitation), "the invitation is for the site 'harbour'", 2, limit.Token);
        Assert.Contains(
            "the invitation is for devices of the site 'cloud'",
            await SecuredSite.TryEnrol(cloud.Address, await cloud.Invite(limit.Token, "invite", "dev1"), limit.Token), StringComparison.OrdinalIgnoreCase);

        await using var harbour = await cloud.StartBelow("harbour", invitation, limit.Token);
        Assert.Contains("has used the invitation", await SecuredSite.TryEnrol(cloud.Address, invitation, limit.Token), StringComparison.Ordinal);
        await using var pier = await harbour.StartBelow("pier", await harbour.InviteSite("pier", limit.Token), limit.Token);

        foreach (var (site, device) in new[] { (cloud, "high"), (harbour, "low"), (pier, "lowest") })
        {
            var agent = site.Join(device, await site.Invite(limit.Token, "invite", device));
            await agent.WaitForLine($"'{device}' takes part at site", limit.Token);
            await agent.Stop(limit.Token);
        }

        await Refused(cloud.Join("low", null, folder: harbour.FolderOf("low")), "is at the other end, and no silo of the site 'cloud/harbour'", null, limit.Token);
        await Refused(harbour.Join("high", null, folder: cloud.FolderOf("high")), "is at the other end, and no silo of the site 'cloud'", null, limit.Token);
        Assert.Matches("harbour +site ", await cloud.Operate(limit.Token, "devices", "enrolled"));
        var audit = await cloud.Operate(limit.Token, "audit", "show");
        Assert.Contains("enrol site", audit, StringComparison.Ordinal);

        Assert.Contains("shut out", await cloud.Operate(limit.Token, "sites", "revoke", "harbour"), StringComparison.Ordinal);
        Assert.Contains("no site 'high'", await cloud.Operate(limit.Token, "sites", "revoke", "high"), StringComparison.Ordinal);
    }

    /// <summary>Waits for the sentence; an agent that goes on trying is ended then.</summary>
    private static async Task Refused(TestProgram agent, string sentence, int? exitCode, CancellationToken cancellation)
    {
        await (exitCode is null ? agent.WaitForLine(sentence, cancellation) : agent.WaitForExit(cancellation));
        var ended = await agent.Stop(cancellation);
        Assert.Contains(sentence, agent.Output, StringComparison.OrdinalIgnoreCase);
        Assert.True(exitCode is null || ended == exitCode, agent.Output);
    }
}
