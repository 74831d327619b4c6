using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Security;
using OrleansEdge.Contracts.Security.Enrolment;
using OrleansEdge.Contracts.Tests.Security;
using OrleansEdge.Grains.Enrolment;
using OrleansEdge.Grains.Storage;
using OrleansEdge.Grains.Tests.Retention;

namespace OrleansEdge.Grains.Tests.Enrolment;

/// <summary>What hardware that was shut out or replaced can still do with the invitation that it has used, and what a crash leaves.</summary>
public sealed class ReturningHardwareTests : IDisposable
{
    private static readonly ParticipantId Device = ParticipantId.Parse("dev7");

    private readonly TestAuthority _authority = new();
    private readonly MemoryBlobStore _blobs = new();
    private readonly FakeTimeProvider _time;
    private readonly EnrolmentRecords _records;
    private readonly RevocationList _revocations = new();
    private readonly EnrolmentBook _book;
    private readonly ECDsa _first = CertificateIssuer.CreateKey();
    private readonly ECDsa _second = CertificateIssuer.CreateKey();
    private readonly ECDsa _third = CertificateIssuer.CreateKey();

    public ReturningHardwareTests()
    {
        _time = new(_authority.Now);
        _records = new(_blobs);
        _book = new(_records, _revocations, new TestIssuer(_authority), Options.Create(new EnrolmentOptions()), _time);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
        _third.Dispose();
        _records.Dispose();
        _authority.Dispose();
    }

    [Fact]
    public async Task Hardware_that_was_shut_out_does_not_come_back_with_the_replacement_that_brought_it()
    {
        await Enrol(await Invite(replaces: false), _first);
        var code = await Invite(replaces: true);
        await Enrol(code, _second);
        await _book.Revoke(Device, Stop);
        await ForgetRevocations();

        await Refused(Enrol(code, _second), "was shut out of this site");
        Assert.Equal(EnrolmentPhase.Revoked, (await _book.Find(Device, Stop))!.Phase);
    }

    [Fact]
    public async Task Hardware_that_was_replaced_does_not_take_its_place_back()
    {
        await Enrol(await Invite(replaces: false), _first);
        var code = await Invite(replaces: true);
        await Enrol(code, _second);
        await Enrol(await Invite(replaces: true), _third);
        await ForgetRevocations();

        await Refused(Enrol(code, _second), "belongs to another device");
        Assert.Equal((Fingerprint(_third), EnrolmentPhase.InForce), await Standing());
        Assert.Null(_revocations.Find(Fingerprint(_third)));
    }

    [Fact]
    public async Task Answer_that_was_lost_is_given_again_for_as_long_as_the_invitation_lives()
    {
        await Enrol(await Invite(replaces: false), _first);
        var code = await Invite(replaces: true, lifetime: 1);
        var answer = await Enrol(code, _second);
        _time.Advance(TimeSpan.FromHours(23));
        var again = await Enrol(code, _second);
        Assert.Equal(answer.Enrolment.Certificate, again.Enrolment.Certificate);
        Assert.False(again.IsNew);

        _time.Advance(TimeSpan.FromHours(1));

        await Refused(Enrol(code, _second), "the invitation has expired");
    }

    [Fact]
    public async Task Device_that_waits_for_approval_outlives_its_invitation()
    {
        var code = await Invite(replaces: false, lifetime: 1, needsApproval: true);
        Assert.True((await Enrol(code, _first)).IsNew);
        _time.Advance(TimeSpan.FromDays(2));
        Assert.False((await Enrol(code, _first)).IsNew);
        await _book.Approve(Device, Stop);

        Assert.NotNull((await Enrol(code, _first)).Enrolment.Certificate);
        await Refused(Enrol(code, _first), "the invitation has expired");
    }

    [Fact]
    public async Task Replacement_that_a_crash_has_interrupted_is_completed_by_asking_again()
    {
        await Enrol(await Invite(replaces: false), _first);
        var code = await Invite(replaces: true);
        _blobs.Fails = name => name.Path.StartsWith("devices/", StringComparison.Ordinal);
        await Assert.ThrowsAsync<BlobStoreException>(() => Enrol(code, _second));
        _blobs.Fails = _ => false;

        await Enrol(code, _second);

        Assert.Equal((Fingerprint(_second), EnrolmentPhase.InForce), await Standing());
    }

    [Theory]
    [InlineData("revocations.json", false)]
    [InlineData("devices/dev7.json", true)]
    public async Task Device_is_out_before_it_is_said_to_be_out_whatever_a_crash_leaves(string fails, bool isOut)
    {
        await Enrol(await Invite(replaces: false), _first);
        _blobs.Fails = name => name.Path == fails;
        await Assert.ThrowsAsync<BlobStoreException>(() => _book.Revoke(Device, Stop));
        _blobs.Fails = _ => false;

        Assert.Equal(EnrolmentPhase.InForce, (await _book.Find(Device, Stop))!.Phase);
        Assert.Equal(isOut, (await _records.ReadRevocations(Stop)).Any(entry => entry.Key == Fingerprint(_first)));

        await _book.Revoke(Device, Stop);
        Assert.Equal(EnrolmentPhase.Revoked, (await _book.Find(Device, Stop))!.Phase);
        Assert.Single(await _records.ReadRevocations(Stop));
    }

    [Fact]
    public async Task Certificate_that_was_issued_while_its_device_was_shut_out_is_on_the_list_too()
    {
        await Enrol(await Invite(replaces: false), _first);
        _time.Advance(TimeSpan.FromDays(20));
        var renewal = Task.FromResult<EnrolmentOutcome>(null!);
        _revocations.Revoked += _ => renewal = _book.Renew(new("dev7", SigningRequest.Create(Device, _first)), Stop);

        await _book.Revoke(Device, Stop);

        var renewed = (await renewal).Enrolment;
        var entry = Assert.Single(await _records.ReadRevocations(Stop));
        Assert.Equal((renewed.Expires, 2), (entry.Until, entry.Certificates.Length));
    }

    private static KeyFingerprint Fingerprint(ECDsa key) => KeyFingerprint.Of(new PublicKey(key));

    private static async Task Refused(Task act, string sentence) =>
        Assert.Contains(sentence, (await Assert.ThrowsAsync<EnrolmentRefusedException>(() => act)).Message, StringComparison.Ordinal);

    private async Task<(KeyFingerprint Key, EnrolmentPhase Phase)> Standing() => await _book.Find(Device, Stop) is { } device ? (device.Key, device.Phase) : default;

    /// <summary>Entries go when their certificates have expired and another device is shut out.</summary>
    private async Task ForgetRevocations()
    {
        _time.Advance(TimeSpan.FromDays(31));
        using var key = CertificateIssuer.CreateKey();
        var other = ParticipantId.Parse("dev8");
        var (_, code) = await _book.Invite(new(other, 1, TimeSpan.FromDays(1), null, NeedsApproval: false, Replaces: false), Stop);
        await _book.Enrol(new("dev8", SigningRequest.Create(other, key), code.Id, code.Secret), Stop);
        await _book.Revoke(other, Stop);
        Assert.Equal(other, Assert.Single(await _records.ReadRevocations(Stop)).Participant);
    }

    private async Task<InvitationCode> Invite(bool replaces, int lifetime = 300, bool needsApproval = false) =>
        (await _book.Invite(new(Device, 1, TimeSpan.FromDays(lifetime), null, needsApproval, replaces), Stop)).Code;

    private Task<EnrolmentOutcome> Enrol(InvitationCode code, ECDsa key) =>
        _book.Enrol(new("dev7", SigningRequest.Create(Device, key), code.Id, code.Secret), Stop);
}
