using Microsoft.Extensions.Logging.Abstractions;
using OrleansEdge.Contracts.Faults;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Identity;
using OrleansEdge.Contracts.Participants;
using OrleansEdge.EndToEnd.Tests.Telemetry;
using OrleansEdge.Participation.Connection;
using OrleansEdge.Participation.Identity;
using OrleansEdge.Participation.Security;

namespace OrleansEdge.EndToEnd.Tests.Security;

/// <summary>
/// A device that has enrolled and then speaks for itself, with its own certificate and not by the agent: what the site refuses it, what it hears, and
/// what is on record.
/// </summary>
[Trait("Category", "EndToEnd")]
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class HostileDeviceTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(10);
    private static readonly SyncReport Question = new(Guid.NewGuid(), new(null, 0), [], [], Wait: false);

    [Fact]
    public async Task Device_that_asks_for_anothers_instruction_is_refused_with_a_sentence_and_on_record()
    {
        using var limit = Limited();
        await using var site = await SecuredSite.Start(limit.Token);
        var credentials = await Enrol(site, limit.Token);
        await using var connection = await Open(site, credentials, limit.Token);
        using var tokens = new AccessTokenSource(token => Ask(connection, credentials, token), TimeProvider.System);
        tokens.Enter();

        var own = await Sync(connection, "dev1");
        var refused = await Assert.ThrowsAsync<CallRefusedException>(() => Sync(connection, "dev2"));

        Assert.Equal(SyncStanding.Superseded, own.Standing);
        Assert.Equal(CallRefusal.NotAllowed, refused.Reason);
        Assert.Matches("dev1.* may not call IParticipantGrain.Sync", refused.Message);
        await OnRecord(site, "dev1.* IParticipantGrain.Sync .*denied", limit.Token);
    }

    [Fact]
    public async Task Token_that_has_ended_is_refused_with_a_sentence_and_on_record()
    {
        using var limit = Limited();
        await using var site = await SecuredSite.Start(limit.Token, settings: new Dictionary<string, string> { ["Identity__TokenLifetime"] = "00:00:05" });
        var credentials = await Enrol(site, limit.Token);
        await using var connection = await Open(site, credentials, limit.Token);
        var reply = await Ask(connection, credentials, limit.Token);
        using var tokens = new AccessTokenSource(_ => Task.FromResult(reply with { SecondsLeft = Limit.TotalSeconds }), TimeProvider.System);
        tokens.Enter();

        var answered = 0;
        var refused = await Assert.ThrowsAsync<CallRefusedException>(async () =>
        {
            for (; !limit.IsCancellationRequested; answered++)
            {
                await Sync(connection, "dev1");
            }
        });

        Assert.True(answered > 0);
        Assert.Equal(CallRefusal.TokenRefused, refused.Reason);
        Assert.Contains("the call's token is not valid, or not any more: ask for a new one", refused.Message, StringComparison.Ordinal);
        await OnRecord(site, "anonymous .*IParticipantGrain.Sync .*denied", limit.Token);
    }

    private static CancellationTokenSource Limited()
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        return limit;
    }

    /// <summary>Enrols a device by the agent, as anyone would, and opens what it was given.</summary>
    private static async Task<DeviceCredentials> Enrol(SecuredSite site, CancellationToken cancellation)
    {
        var agent = site.Join("dev1", await site.Invite(cancellation, "invite", "dev1"));
        await agent.WaitForLine("'dev1' takes part at site 'harbour'", cancellation);
        Assert.Equal(0, await agent.Stop(cancellation));
        return DeviceCredentials.Open(site.FolderOf("dev1"), ParticipantId.Parse("dev1"), TimeProvider.System)!;
    }

    private static Task<SiteConnection> Open(SecuredSite site, DeviceCredentials credentials, CancellationToken cancellation) => SiteConnection.Open(
        [new(site.Address)], credentials, ProcessFaults.None, TimeProvider.System, NullLogger.Instance, observer: null, cancellation);

    private static async Task<TokenReply> Ask(SiteConnection connection, DeviceCredentials credentials, CancellationToken cancellation)
    {
        using var client = new HttpClient(credentials.CreateHandler());
        return await connection.RequestToken(new("dev1", new string('0', 64)), client, cancellation);
    }

    private static Task<SyncReply> Sync(SiteConnection connection, string device) =>
        AccessTokenSource.Call(() => connection.Grains.GetGrain<IParticipantGrain>(device).Sync(Question, CancellationToken.None).AsTask()).WaitAsync(CallLimit);

    /// <summary>Refusals are counted together for a moment before they are written.</summary>
    private static async Task OnRecord(SecuredSite site, string pattern, CancellationToken cancellation)
    {
        for (var audit = ""; !System.Text.RegularExpressions.Regex.IsMatch(audit, pattern); cancellation.ThrowIfCancellationRequested())
        {
            audit = await site.Operate(cancellation, "audit", "show");
        }
    }
}
