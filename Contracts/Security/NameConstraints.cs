using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;
using OrleansEdge.Contracts.Identifiers;

namespace OrleansEdge.Contracts.Security;

/// <summary>
/// The subjects of certificates, as a tree by the names in the federation, and the extension that binds a site to its own branch: RFC 5280, section
/// 4.2.1.10. It tells every program that looks at certificates what <see cref="CertificateIdentity.MayBeIssuedBy"/> tells ours. A constraint on
/// the URI, which names the holder, would bind no more than the host in it.
/// </summary>
internal static class NameConstraints
{
    private const string Oid = "2.5.29.30";
    private const string Organisation = "OrleansEdge";

    private static readonly Asn1Tag Permitted = new(TagClass.ContextSpecific, 0, isConstructed: true);
    private static readonly Asn1Tag DirectoryName = new(TagClass.ContextSpecific, 4, isConstructed: true);

    /// <summary>The subject of a holder: <c>O=OrleansEdge, OU=cloud, OU=harbour, CN=dev7</c>, from the root of the tree.</summary>
    public static X500DistinguishedName SubjectOf(CertificateIdentity identity)
    {
        // The builder writes what is added first at the end.
        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName(identity.LocalName.Value);
        return Under(identity.Site, subject);
    }

    /// <summary>Binds a site to what is under its own name.</summary>
    public static X509Extension Of(ParticipantId site)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        using (writer.PushSequence(Permitted))
        using (writer.PushSequence())
        using (writer.PushSequence(DirectoryName))
        {
            writer.WriteEncodedValue(Under(site, new()).RawData);
        }

        return new X509Extension(Oid, writer.Encode(), critical: true);
    }

    private static X500DistinguishedName Under(ParticipantId site, X500DistinguishedNameBuilder subject)
    {
        foreach (var segment in site.Value.Split('/').Reverse())
        {
            subject.AddOrganizationalUnitName(segment);
        }

        subject.AddOrganizationName(Organisation);
        return subject.Build();
    }
}
