using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Security;
using OrleansEdge.Contracts.Security.Enrolment;
using OrleansEdge.Contracts.Tests.Security;
using OrleansEdge.Grains.Enrolment;
using OrleansEdge.Grains.Tests.Retention;

namespace OrleansEdge.Grains.Tests.Enrolment;

public sealed class EnrolmentBookTests : IDisposable
{
    private readonly TestAuthority _authority = new();
    private readonly FakeTimeProvider _time;
    private readonly EnrolmentRecords _records;
    private readonly RevocationList _revocations = new();
    private readonly EnrolmentBook _book;
    private readonly List<ECDsa> _keys = [];

    public EnrolmentBookTests()
    {
        _time = new(_authority.Now);
        _records = new(new MemoryBlobStore());
        _book = new(_records, _revocations, new TestIssuer(_authority), Options.Create(new EnrolmentOptions()), _time);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _keys.ForEach(key => key.Dispose());
        _records.Dispose();
        _authority.Dispose();
    }

    [Fact]
    public async Task Invited_device_gets_a_certificate_for_its_key_and_its_name()
    {
        var key = Key();
        var device = await Enrol(await Invite("dev7"), "dev7", key);

        Assert.Equal(EnrolmentPhase.InForce, device.Phase);
        var peer = Peer(device);
        Assert.Equal("orleansedge://device/harbour/dev7", peer.Identity.ToString());
        Assert.Equal(Fingerprint(key), peer.Key);
        Assert.Equal(_authority.Now.AddDays(30), peer.NotAfter);
    }

    [Fact]
    public async Task Device_that_has_not_heard_the_answer_asks_again_and_gets_the_same()
    {
        var (code, key) = (await Invite("dev7"), Key());
        var first = await Enrol(code, "dev7", key);
        _time.Advance(TimeSpan.FromMinutes(50));
        var second = await Enrol(code, "dev7", key);
        Assert.Equal(first.Certificate, second.Certificate);
        Assert.Single(second.Issued);
    }

    [Fact]
    public async Task Invitation_that_was_used_serves_nobody_else()
    {
        var code = await Invite("dev7");
        await Enrol(code, "dev7", Key());
        await Refused(Enrol(code, "dev7", Key()), "another installation has used the invitation for 'dev7' already");
        Assert.Single((await _records.FindInvitation(code.Id, Stop))!.Uses);
    }

    [Fact]
    public async Task Invitation_is_for_the_device_that_it_names() => await Refused(Enrol(await Invite("dev7"), "dev8", Key()), "is for the device 'dev7'");

    [Fact]
    public async Task Invitation_that_has_expired_is_refused()
    {
        var code = await Invite("dev7");
        _time.Advance(TimeSpan.FromHours(1));
        await Refused(Enrol(code, "dev7", Key()), "has expired");
        Assert.Null(await _records.FindDevice(ParticipantId.Parse("dev7"), Stop));
    }

    [Fact]
    public async Task Guess_is_refused_and_told_nothing()
    {
        var code = await Invite("dev7");
        var wrongSecret = await Guess(code.Id, new string('0', 32));
        var wrongId = await Guess(new string('0', 32), code.Secret);
        var path = await Guess("../../devices/dev7.json", code.Secret);
        var text = await Guess(code.Id, "secret");
        Assert.All([wrongSecret, wrongId, path, text], refusal => Assert.Equal((InvitationRules.Unknown, true), (refusal.Message, refusal.IsGuess)));
        Assert.Equal(EnrolmentPhase.InForce, (await Enrol(code, "dev7", Key())).Phase);
    }

    [Fact]
    public async Task Store_does_not_hold_the_secret()
    {
        var code = await Invite("dev7");
        var invitation = (await _records.FindInvitation(code.Id, Stop))!;
        Assert.NotEqual(code.Secret, invitation.SecretHash);
        Assert.DoesNotContain(code.Secret, invitation.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Delivery_has_as_many_places_as_it_has()
    {
        var code = await Invite(null, count: 3);
        await Task.WhenAll(Enumerable.Range(1, 3).Select(number => Enrol(code, $"dev{number}", Key())));
        await Refused(Enrol(code, "dev4", Key()), "all 3 places of the invitation are taken");
        Assert.Equal(3, (await _book.List(Stop).ToListAsync(Stop)).Count);
    }

    [Fact]
    public async Task Delivery_takes_nobodys_id_away()
    {
        await Enrol(await Invite("dev1"), "dev1", Key());
        await Refused(Enrol(await Invite(null, count: 3), "dev1", Key()), "belongs to another device");
    }

    [Fact]
    public async Task Device_that_needs_approval_waits_for_it()
    {
        var (code, key) = (await Invite(null, count: 2, needsApproval: true), Key());
        var waiting = await Enrol(code, "dev1", key);
        Assert.Equal((EnrolmentPhase.Pending, null), (waiting.Phase, waiting.Certificate));
        Assert.Null((await Renew("dev1", key)).Certificate);

        await _book.Approve(ParticipantId.Parse("dev1"), Stop);

        Assert.NotNull((await Enrol(code, "dev1", key)).Certificate);
        Assert.Null(await _book.Approve(ParticipantId.Parse("dev9"), Stop));
    }

    [Theory]
    [InlineData(21)]
    [InlineData(30 + 90)]
    public async Task Device_renews_by_its_key_for_as_long_as_it_may_be_away(int days)
    {
        var key = Key();
        await Enrol(await Invite("dev7"), "dev7", key);
        _time.Advance(TimeSpan.FromDays(days));
        var renewed = await Renew("dev7", key);
        Assert.Equal(_time.GetUtcNow().AddDays(30), Peer(renewed).NotAfter);
        Assert.Equal(Fingerprint(key), Peer(renewed).Key);
    }

    [Fact]
    public async Task Device_that_was_away_for_too_long_is_refused()
    {
        var key = Key();
        await Enrol(await Invite("dev7"), "dev7", key);
        _time.Advance(TimeSpan.FromDays(30 + 91));
        await Refused(Renew("dev7", key), "has been away for too long");
    }

    [Fact]
    public async Task Nobody_renews_for_another()
    {
        await Enrol(await Invite("dev7"), "dev7", Key());
        await Refused(Renew("dev7", Key()), "is not enrolled at this site with this key");
        await Refused(Renew("dev8", Key()), "is not enrolled at this site with this key");
    }

    [Fact]
    public async Task Request_that_is_replayed_makes_no_more_certificates()
    {
        var key = Key();
        await Enrol(await Invite("dev7"), "dev7", key);
        for (var replay = 0; replay < 20; replay++)
        {
            _time.Advance(TimeSpan.FromDays(1));
            Assert.InRange((await Renew("dev7", key)).Issued.Length, 1, 2);
        }
    }

    [Fact]
    public async Task Revoked_device_is_out_and_stays_out()
    {
        var (code, key) = (await Invite("dev7"), Key());
        var device = await Enrol(code, "dev7", key);
        var told = new List<Revocation>();
        _revocations.Revoked += told.Add;

        await _book.Revoke(ParticipantId.Parse("dev7"), Stop);
        await _book.Revoke(ParticipantId.Parse("harbour/dev7"), Stop);

        Assert.Equal(Fingerprint(key), Assert.Single(told).Key);
        Assert.NotNull(_revocations.Find(Fingerprint(key)));
        Assert.NotNull(_revocations.Find(Peer(device).Thumbprint));
        await Refused(Renew("dev7", key), "was shut out");
        await Refused(Enrol(code, "dev7", key), "was shut out");
        await Refused(Invite("dev7"), "is enrolled already");
        var other = new RevocationList();
        other.Update(await _records.ReadRevocations(Stop));
        Assert.NotNull(other.Find(Fingerprint(key)));
    }

    [Fact]
    public async Task Replacement_gives_new_hardware_the_identity_and_puts_the_old_one_out()
    {
        var (old, fresh) = (Key(), Key());
        await Enrol(await Invite("dev7"), "dev7", old);
        var code = await Invite("dev7", replaces: true);
        Assert.NotNull((await Renew("dev7", old)).Certificate);

        var device = await Enrol(code, "dev7", fresh);

        Assert.Equal(Fingerprint(fresh), device.Key);
        Assert.Contains("given to other hardware", _revocations.Find(Fingerprint(old))!.Sentence, StringComparison.Ordinal);
        await Refused(Renew("dev7", old), "is not enrolled at this site with this key");
        await Refused(Enrol(await Invite("dev7", replaces: true), "dev7", old), "given to other hardware");
    }

    [Fact]
    public async Task Revoked_device_can_be_replaced()
    {
        await Enrol(await Invite("dev7"), "dev7", Key());
        await _book.Revoke(ParticipantId.Parse("dev7"), Stop);
        Assert.Equal(EnrolmentPhase.InForce, (await Enrol(await Invite("dev7", replaces: true), "dev7", Key())).Phase);
        await Refused(Invite("dev9", replaces: true), "there is no device 'dev9' to replace");
    }

    [Fact]
    public async Task Revocation_is_forgotten_when_its_certificates_have_expired()
    {
        await Enrol(await Invite("dev1"), "dev1", Key());
        await _book.Revoke(ParticipantId.Parse("dev1"), Stop);
        _time.Advance(TimeSpan.FromDays(31));
        await Enrol(await Invite("dev2"), "dev2", Key());
        await _book.Revoke(ParticipantId.Parse("dev2"), Stop);
        Assert.Equal("dev2", Assert.Single(await _records.ReadRevocations(Stop)).Participant.Value);
    }

    [Theory]
    [InlineData("lake/dev7")]
    [InlineData("Dev7")]
    [InlineData("")]
    [InlineData(null)]
    public async Task Name_that_the_site_cannot_vouch_for_is_refused(string? name)
    {
        var code = await Invite(null, count: 2);
        await Assert.ThrowsAsync<EnrolmentRefusedException>(() => _book.Enrol(new(name!, [1], code.Id, code.Secret), Stop));
    }

    [Fact]
    public async Task Invited_site_gets_what_it_vouches_with_and_takes_part_as_a_device_does()
    {
        var (code, own, site) = (await InviteSite("quay"), Key(), Key());
        Assert.Equal("quay", code.InvitedSite?.Value);
        var quay = await EnrolSite(code, "quay", own, site);

        Assert.Equal("orleansedge://device/harbour/quay", Peer(quay).Identity.ToString());
        using var certificate = X509CertificateLoader.LoadCertificate(quay.SiteCertificate!);
        var vouches = _authority.Judge(certificate).Peer!;
        Assert.Equal(("orleansedge://site/harbour/quay", Fingerprint(site)), (vouches.Identity.ToString(), vouches.Key));
        Assert.Equal(quay.SiteCertificate, (await EnrolSite(code, "quay", own, site)).SiteCertificate);
        await Refused(EnrolSite(code, "quay", Key(), Key()), "another installation has used the invitation");
        await Refused(EnrolSite(code, "quay", own, Key()), "another installation has used the invitation");
    }

    [Fact]
    public async Task Invitation_of_a_site_serves_no_device_and_that_of_a_device_no_site()
    {
        await Refused(Enrol(await InviteSite("quay"), "quay", Key()), "the invitation is for the site 'quay'");
        await Refused(EnrolSite(await Invite("dev7"), "dev7", Key(), Key()), "the invitation is for a device");
        await Enrol(await Invite("dev7"), "dev7", Key());
        await Refused(InviteSite("dev7"), "'dev7' is a device here already");
        await EnrolSite(await InviteSite("quay"), "quay", Key(), Key());
        await Refused(Invite("quay", replaces: true), "'quay' is a site here already");
    }

    [Fact]
    public async Task Site_renews_both_certificates_by_the_keys_that_enrolled()
    {
        var (own, site) = (Key(), Key());
        var before = await EnrolSite(await InviteSite("quay"), "quay", own, site);
        _time.Advance(TimeSpan.FromDays(100));
        var soon = await RenewSite("quay", own, site);
        Assert.Equal(before.SiteCertificate, soon.SiteCertificate);
        Assert.NotEqual(before.Certificate, soon.Certificate);
        await Refused(RenewSite("quay", own, Key()), "is not enrolled at this site with this key");
        await Refused(RenewSite("quay", Key(), site), "is not enrolled at this site with this key");

        await _book.Revoke(ParticipantId.Parse("quay"), Stop);
        await Refused(RenewSite("quay", own, site), "was shut out");
    }

    [Fact]
    public async Task Site_on_a_new_machine_takes_over_by_a_replacement()
    {
        var (old, fresh, site) = (Key(), Key(), Key());
        await EnrolSite(await InviteSite("quay"), "quay", old, Key());
        var quay = await EnrolSite(await InviteSite("quay", replaces: true), "quay", fresh, site);
        Assert.Equal(Fingerprint(site), quay.SiteKey);
        Assert.NotNull(_revocations.Find(Fingerprint(old)));
    }

    private static KeyFingerprint Fingerprint(ECDsa key) => KeyFingerprint.Of(new PublicKey(key));

    private static async Task Refused(Task act, string sentence) =>
        Assert.Contains(sentence, (await Assert.ThrowsAsync<EnrolmentRefusedException>(() => act)).Message, StringComparison.Ordinal);

    private async Task<EnrolmentRefusedException> Guess(string id, string secret) => await Assert.ThrowsAsync<EnrolmentRefusedException>(
        () => _book.Enrol(new("dev7", SigningRequest.Create(ParticipantId.Parse("dev7"), Key()), id, secret), Stop));

    private ECDsa Key()
    {
        var key = CertificateIssuer.CreateKey();
        lock (_keys)
        {
            _keys.Add(key);
        }

        return key;
    }

    private async Task<InvitationCode> Invite(string? device, int count = 1, bool needsApproval = false, bool replaces = false) => (await _book.Invite(
        new(device is null ? null : ParticipantId.Parse(device), count, TimeSpan.FromHours(1), null, needsApproval, replaces), Stop)).Code;

    private async Task<OrleansEdge.Grains.Enrolment.Enrolment> Enrol(InvitationCode code, string device, ECDsa key) => (await _book.Enrol(
        new(device, SigningRequest.Create(ParticipantId.Parse(device), key), code.Id, code.Secret), Stop)).Enrolment;

    private async Task<OrleansEdge.Grains.Enrolment.Enrolment> Renew(string device, ECDsa key) =>
        (await _book.Renew(new(device, SigningRequest.Create(ParticipantId.Parse(device), key)), Stop)).Enrolment;

    private async Task<InvitationCode> InviteSite(string site, bool replaces = false) => (await _book.Invite(
        new(ParticipantId.Parse(site), 1, TimeSpan.FromHours(1), null, false, replaces, IsForSite: true), Stop)).Code;

    private async Task<OrleansEdge.Grains.Enrolment.Enrolment> EnrolSite(InvitationCode code, string name, ECDsa own, ECDsa site) => (await _book.Enrol(
        new(name, SigningRequest.Create(ParticipantId.Parse(name), own), code.Id, code.Secret, SigningRequest.Create(ParticipantId.Parse(name), site)), Stop)).Enrolment;

    private async Task<OrleansEdge.Grains.Enrolment.Enrolment> RenewSite(string name, ECDsa own, ECDsa site) => (await _book.Renew(
        new(name, SigningRequest.Create(ParticipantId.Parse(name), own), SigningRequest.Create(ParticipantId.Parse(name), site)), Stop)).Enrolment;

    private PeerCertificate Peer(OrleansEdge.Grains.Enrolment.Enrolment device)
    {
        using var certificate = X509CertificateLoader.LoadCertificate(device.Certificate!);
        return _authority.Judge(certificate, now: _time.GetUtcNow()).Peer!;
    }
}
