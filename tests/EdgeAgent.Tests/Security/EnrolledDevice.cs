using System.Security.Cryptography.X509Certificates;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Security;
using OrleansEdge.Contracts.Security.Enrolment;
using OrleansEdge.Contracts.Tests.Security;
using OrleansEdge.Participation.Security;

namespace OrleansEdge.EdgeAgent.Tests.Security;

/// <summary>A device that has enrolled at the site of an authority in memory.</summary>
internal static class EnrolledDevice
{
    private static readonly ParticipantId Device = ParticipantId.Parse("dev7");

    /// <summary>Keeps a certificate in the device's folder, and opens it.</summary>
    public static DeviceCredentials Enrol(string folder, TestAuthority authority, TimeProvider? time = null)
    {
        time ??= TimeProvider.System;
        var files = new DeviceFiles(folder);
        var identity = CertificateIdentity.Of(CertificateRole.Device, authority.Site, Device);
        using var key = files.OpenKey();
        using var certificate = new CertificateIssuer(authority.SiteCertificate).IssueMember(identity, new PublicKey(key), authority.Now, TimeSpan.FromDays(30));
        var answer = new EnrolmentAnswer(certificate.RawData, [authority.SiteCertificate.RawData], [authority.Root.RawData]);
        Assert.Null(DeviceCertificate.Keep(files, identity, answer, authority.Authorities, time));
        return DeviceCredentials.Open(folder, Device, time)!;
    }
}
