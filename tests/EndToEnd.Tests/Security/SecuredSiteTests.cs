using System.Diagnostics;
using System.Security.Cryptography.X509Certificates;
using OrleansEdge.EndToEnd.Tests.Telemetry;

namespace OrleansEdge.EndToEnd.Tests.Security;

/// <summary>Invitations, refusals and revocations, as operators and owners of devices meet them.</summary>
[Trait("Category", "EndToEnd")]
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class SecuredSiteTests
{
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    [Fact]
    public async Task Invited_device_takes_part_until_it_is_shut_out_and_strangers_hear_why_they_do_not()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(4));
        await using var site = await SecuredSite.Start(limit.Token);

        await Refused(site.Join("dev1", null), "has no certificate yet", 2, limit.Token);
        await Refused(site.Join("dev1", null, site.ClearAddress), "This site speaks HTTPS only", 1, limit.Token);

        var code = await site.Invite(limit.Token, "invite", "dev1");
        await Refused(site.Join("dev2", code), "The invitation is for the device 'dev1'", 1, limit.Token);
        var device = site.Join("dev1", code);
        await device.WaitForLine("'dev1' takes part at site 'harbour'", limit.Token);
        Assert.All(Directory.EnumerateFiles(Path.Combine(site.FolderOf("dev1"), "identity")), file => Assert.Equal(default, File.GetUnixFileMode(file) & Others));
        await Refused(site.Join("dev1", code, folder: site.FolderOf("other")), "another installation has used the invitation", 1, limit.Token);
        Assert.Contains("dev1", await site.Operate(limit.Token, "devices", "enrolled"), StringComparison.Ordinal);

        await site.Operate(limit.Token, "devices", "revoke", "dev1");
        var revoked = Stopwatch.GetTimestamp();
        await Refused(device, "the device 'dev1' was shut out of this site by its operator", 1, limit.Token);
        Assert.InRange(Stopwatch.GetElapsedTime(revoked), TimeSpan.Zero, TimeSpan.FromSeconds(30));
        await Refused(site.Join("dev1", null), "was shut out of this site", 1, limit.Token);

        Assert.Contains("shut out", await site.Operate(limit.Token, "devices", "enrolled"), StringComparison.Ordinal);
        var replaced = site.Join("dev1", await site.Invite(limit.Token, "replace", "dev1"), folder: site.FolderOf("new hardware"));
        await replaced.WaitForLine("'dev1' takes part at site 'harbour'", limit.Token);
        Assert.Contains("in force", await site.Operate(limit.Token, "devices", "enrolled"), StringComparison.Ordinal);
        await Refused(site.Join("dev1", null), "has no place at the site any more", 1, limit.Token, or: "was shut out of this site");

        var audit = await AuditOf(site, limit.Token, "was shut out of this site by its operator", "speaks in clear", "another installation has used the invitation");
        Assert.Matches("dev1 +enrol +done", audit);
        Assert.Contains("POST /api/enrolments/revoke/dev1", audit, StringComparison.Ordinal);
        Assert.Contains("change settings", audit, StringComparison.Ordinal);

        Assert.Contains("Refused at the", site.Log, StringComparison.Ordinal);
        Assert.DoesNotContain(code, site.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Device_of_a_delivery_waits_for_its_approval()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(3));
        await using var site = await SecuredSite.Start(limit.Token);
        var device = site.Join("dev7", await site.Invite(limit.Token, "invite", "--count", "2", "--tag", "spring", "--approval", "by-hand"));
        await device.WaitForLine("waits for the approval", limit.Token);
        Assert.Contains("spring", await site.Operate(limit.Token, "devices", "pending"), StringComparison.Ordinal);

        await site.Operate(limit.Token, "devices", "approve", "dev7");

        await device.WaitForLine("'dev7' takes part at site 'harbour'", limit.Token);
    }

    [Fact]
    public async Task Operators_api_needs_an_operators_certificate()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(2));
        await using var site = await SecuredSite.Start(limit.Token);
        using var stranger = new HttpClient(new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null } });
        using var answer = await stranger.GetAsync(new Uri($"{site.Address}/api/jobs"), limit.Token);
        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Contains("operator", await answer.Content.ReadAsStringAsync(limit.Token), StringComparison.Ordinal);
        using var known = await stranger.GetAsync(new Uri($"{site.Address}/site"), limit.Token);
        Assert.Contains("\"protection\":\"certificates\"", await known.Content.ReadAsStringAsync(limit.Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Client_of_another_authority_hears_so_and_is_on_record_and_an_operator_can_be_shut_out()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(3));
        await using var site = await SecuredSite.Start(limit.Token);
        await using var other = await SecuredSite.Start(limit.Token);

        Assert.Contains("What answers at", await other.OperateAt(site.Address, limit.Token, "devices", "enrolled"), StringComparison.Ordinal);
        using var stranger = Showing(other.AdminCertificate());
        using var answer = await stranger.GetAsync(new Uri($"{site.Address}/api/jobs"), limit.Token);
        Assert.Equal(System.Net.HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Contains("another authority issued it", await answer.Content.ReadAsStringAsync(limit.Token), StringComparison.Ordinal);
        await AuditOf(site, limit.Token, "another authority issued it");

        await site.Operate(limit.Token, "operators", "revoke", "admin");

        // Its commands on the silo's own machine need no certificate: so it is shown by hand.
        using var admin = Showing(site.AdminCertificate());
        while (true)
        {
            using var jobs = await admin.GetAsync(new Uri($"{site.Address}/api/jobs"), limit.Token);
            if (!jobs.IsSuccessStatusCode)
            {
                Assert.Contains("was revoked: make another", await jobs.Content.ReadAsStringAsync(limit.Token), StringComparison.Ordinal);
                break;
            }
        }
    }

    private static HttpClient Showing(X509Certificate2 certificate) => new(new SocketsHttpHandler
    {
        SslOptions = { ClientCertificates = [certificate], RemoteCertificateValidationCallback = (_, shown, _, _) => shown is not null },
    });

    /// <summary>The audit log, once it has all of it: refusals are counted together for a moment before they are written.</summary>
    private static async Task<string> AuditOf(SecuredSite site, CancellationToken cancellation, params string[] expected)
    {
        while (true)
        {
            var audit = await site.Operate(cancellation, "audit", "show");
            if (expected.All(text => audit.Contains(text, StringComparison.OrdinalIgnoreCase)))
            {
                return audit;
            }
        }
    }

    private static async Task Refused(TestProgram agent, string sentence, int exitCode, CancellationToken cancellation, string? or = null)
    {
        await agent.WaitForExit(cancellation);
        Assert.True(
            agent.Output.Contains(sentence, StringComparison.OrdinalIgnoreCase) || (or is not null && agent.Output.Contains(or, StringComparison.OrdinalIgnoreCase)), agent.Output);
        Assert.Equal(exitCode, await agent.Stop(cancellation));
    }
}
