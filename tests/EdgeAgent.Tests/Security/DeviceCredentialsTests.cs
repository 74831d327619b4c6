using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Security;
using OrleansEdge.Contracts.Security.Enrolment;
using OrleansEdge.Contracts.Security.Files;
using OrleansEdge.Contracts.Tests.Security;
using OrleansEdge.Participation.Security;

namespace OrleansEdge.EdgeAgent.Tests.Security;

/// <summary>What a device keeps of its identity.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class DeviceCredentialsTests : IDisposable
{
    private static readonly ParticipantId Device = ParticipantId.Parse("dev7");

    private readonly string _folder = Directory.CreateTempSubdirectory("orleansedge-identity-").FullName;
    private readonly TestAuthority _authority = new(now: TimeProvider.System.GetUtcNow());

    private string Identity => Path.Combine(_folder, "identity");

    public void Dispose()
    {
        _authority.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Device_that_has_not_enrolled_has_none() => Assert.Null(DeviceCredentials.Open(_folder, Device, TimeProvider.System));

    [Fact]
    public void Certificate_for_the_devices_key_is_kept_for_its_user_alone()
    {
        Assert.Null(Keep(Answer("dev7")));

        var credentials = DeviceCredentials.Open(_folder, Device, TimeProvider.System)!;
        Assert.Equal("orleansedge://device/harbour/dev7", credentials.Identity.ToString());
        Assert.True(credentials.Current.Own.TargetCertificate.HasPrivateKey);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Identity));
        Assert.All(Directory.EnumerateFiles(Identity), file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
    }

    [Fact]
    public void Certificate_of_another_name_key_or_authority_is_not_kept()
    {
        Assert.Contains("it is for 'harbour/dev8'", Keep(Answer("dev8")), StringComparison.Ordinal);
        Assert.Contains("or for another key", Keep(Answer("dev7") with { Certificate = _authority.Device("dev7").RawData }), StringComparison.Ordinal);
        using var other = new TestAuthority(now: _authority.Now);
        Assert.Contains("is not of this federation", Keep(Answer("dev7", other)), StringComparison.Ordinal);
        Assert.NotNull(Keep(Answer("dev7") with { Certificate = [1, 2, 3] }));
        Assert.Null(DeviceCredentials.Open(_folder, Device, TimeProvider.System));
    }

    [Fact]
    public void Renewed_certificate_is_shown_at_once_and_a_worse_one_changes_nothing()
    {
        Keep(Answer("dev7"));
        var credentials = DeviceCredentials.Open(_folder, Device, TimeProvider.System)!;
        var renewed = Answer("dev7");
        credentials.Take(renewed);
        Assert.Equal(renewed.Certificate, credentials.Current.Own.TargetCertificate.RawData);
        Assert.Throws<CertificateException>(() => credentials.Take(Answer("dev8")));
        Assert.Equal(renewed.Certificate, credentials.Current.Own.TargetCertificate.RawData);
    }

    [Fact]
    public void Folder_of_another_device_is_refused()
    {
        Keep(Answer("dev7"));
        var refused = Assert.Throws<CertificateException>(() => DeviceCredentials.Open(_folder, ParticipantId.Parse("dev8"), TimeProvider.System));
        Assert.Contains("is that of 'harbour/dev7', and this device is 'dev8'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Key_that_others_can_read_is_refused()
    {
        Keep(Answer("dev7"));
        File.SetUnixFileMode(Path.Combine(Identity, "device.key"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        Assert.Contains("chmod 600", Assert.Throws<CertificateException>(() => DeviceCredentials.Open(_folder, Device, TimeProvider.System)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("device.pem")]
    [InlineData("device.key")]
    [InlineData("authority.pem")]
    public void Damaged_file_is_named(string file)
    {
        Keep(Answer("dev7"));
        File.WriteAllText(Path.Combine(Identity, file), "nonsense");
        Assert.Contains(file, Assert.Throws<CertificateException>(() => DeviceCredentials.Open(_folder, Device, TimeProvider.System)).Message, StringComparison.Ordinal);
    }

    private string? Keep(EnrolmentAnswer answer) => DeviceCertificate.Keep(
        new DeviceFiles(_folder), CertificateIdentity.Of(CertificateRole.Device, _authority.Site, Device), answer, _authority.Authorities, TimeProvider.System);

    private EnrolmentAnswer Answer(string device, TestAuthority? authority = null)
    {
        authority ??= _authority;
        using var key = new DeviceFiles(_folder).OpenKey();
        using var certificate = new CertificateIssuer(authority.SiteCertificate).IssueMember(
            CertificateIdentity.Of(CertificateRole.Device, authority.Site, ParticipantId.Parse(device)), new PublicKey(key), authority.Now, TimeSpan.FromDays(30));
        return new(certificate.RawData, [authority.SiteCertificate.RawData], [authority.Root.RawData]);
    }
}
