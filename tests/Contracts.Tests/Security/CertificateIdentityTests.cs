using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Security;

namespace OrleansEdge.Contracts.Tests.Security;

public sealed class CertificateIdentityTests
{
    private static readonly ParticipantId Harbour = ParticipantId.Parse("harbour");

    [Theory]
    [InlineData("orleansedge://device/harbour/dev7", CertificateRole.Device, "harbour", "dev7")]
    [InlineData("orleansedge://device/cloud/harbour/dev7", CertificateRole.Device, "cloud/harbour", "dev7")]
    [InlineData("orleansedge://silo/harbour", CertificateRole.Silo, "harbour", "harbour")]
    [InlineData("orleansedge://site/cloud/harbour", CertificateRole.Site, "cloud/harbour", "harbour")]
    [InlineData("orleansedge://operator/harbour/ada", CertificateRole.Operator, "harbour", "ada")]
    public void Identity_is_read_and_written(string text, CertificateRole role, string site, string local)
    {
        var identity = CertificateIdentity.Parse(text);
        Assert.Equal((role, site, local), (identity.Role, identity.Site.Value, identity.LocalName.Value));
        Assert.Equal(text, identity.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("orleansedge://device/dev7")]
    [InlineData("orleansedge://device/harbour/Dev7")]
    [InlineData("orleansedge://device/harbour/../dev7")]
    [InlineData("orleansedge://device/harbour//dev7")]
    [InlineData("orleansedge://admin/harbour/dev7")]
    [InlineData("orleansedge://device")]
    [InlineData("https://device/harbour/dev7")]
    [InlineData("orleansedge://Device/harbour/dev7")]
    public void What_is_no_identity_is_refused(string? text) => Assert.Throws<FormatException>(() => CertificateIdentity.Parse(text));

    [Theory]
    [InlineData("dev7")]
    [InlineData("harbour/dev7")]
    public void Device_has_one_name_however_it_is_asked_for(string asked) => Assert.Equal(
        "orleansedge://device/harbour/dev7", CertificateIdentity.Of(CertificateRole.Device, Harbour, ParticipantId.Parse(asked)).ToString());

    [Theory]
    [InlineData("lake/dev7")]
    [InlineData("harbour/lake/dev7")]
    public void Name_of_another_site_is_refused(string asked) => Assert.Throws<FormatException>(
        () => CertificateIdentity.Of(CertificateRole.Device, Harbour, ParticipantId.Parse(asked)));

    [Theory]
    [InlineData("orleansedge://device/harbour/dev7", "orleansedge://site/harbour", true)]
    [InlineData("orleansedge://silo/harbour", "orleansedge://site/harbour", true)]
    [InlineData("orleansedge://site/harbour/quay", "orleansedge://site/harbour", true)]
    [InlineData("orleansedge://device/harbour/dev7", "orleansedge://site/harb", false)]
    [InlineData("orleansedge://device/lake/dev7", "orleansedge://site/harbour", false)]
    [InlineData("orleansedge://device/harbour/quay/dev7", "orleansedge://site/harbour", false)]
    [InlineData("orleansedge://site/harbour", "orleansedge://site/harbour", false)]
    [InlineData("orleansedge://site/harbourside", "orleansedge://site/harbour", false)]
    [InlineData("orleansedge://device/harbour/dev7", "orleansedge://silo/harbour", false)]
    public void Site_vouches_only_for_what_is_under_its_name(string identity, string issuer, bool expected) =>
        Assert.Equal(expected, CertificateIdentity.Parse(identity).MayBeIssuedBy(CertificateIdentity.Parse(issuer)));
}
