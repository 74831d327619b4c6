using Microsoft.Extensions.Time.Testing;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Security;
using OrleansEdge.Grains.Enrolment;
using OrleansEdge.Silo.Hosting.Security;

namespace OrleansEdge.Silo.Tests.Hosting.Security;

public sealed class EnrolledCertificatesTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly RecentPeers _recent = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private EnrolledCertificates Certificates => new(ParticipantId.Parse("harbour"), _recent, new RevocationList(), _time);

    [Theory]
    [InlineData("orleansedge://operator/harbour/admin", "admin", null)]
    [InlineData("orleansedge://device/harbour/dev7", null, "dev7")]
    [InlineData("orleansedge://operator/lake/admin", null, null)]
    [InlineData("orleansedge://device/lake/dev7", null, null)]
    public async Task Certificate_is_that_of_a_device_or_an_operator_of_this_site_alone(string identity, string? asOperator, string? asDevice)
    {
        var thumbprint = Show(identity);

        Assert.Equal(asOperator, await Certificates.FindOperator(thumbprint, Cancellation));
        Assert.Equal(asDevice, (await Certificates.FindParticipant(thumbprint, Cancellation))?.Value);
    }

    [Fact]
    public async Task Certificate_that_was_not_shown_or_has_expired_is_nobodys()
    {
        var thumbprint = Show("orleansedge://device/harbour/dev7");
        _time.Advance(TimeSpan.FromHours(1));

        Assert.Null(await Certificates.FindParticipant(thumbprint, Cancellation));
        Assert.Null(await Certificates.FindParticipant(Thumbprint.Parse(new('b', 64)), Cancellation));
    }

    private Thumbprint Show(string identity)
    {
        var thumbprint = Thumbprint.Parse(new('a', 64));
        _recent.Add(new PeerCertificate(
            CertificateIdentity.Parse(identity), thumbprint, KeyFingerprint.Parse(new string('c', 64)), _time.GetUtcNow().AddHours(1)));
        return thumbprint;
    }
}
