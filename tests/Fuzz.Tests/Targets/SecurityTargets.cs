using System.Collections.Immutable;
using System.Security.Cryptography.X509Certificates;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Security;
using OrleansEdge.Contracts.Security.Enrolment;
using OrleansEdge.Grains.Audit;
using OrleansEdge.Silo.Identity;

namespace OrleansEdge.Fuzz.Tests.Targets;

/// <summary>What says who somebody is, and what is on record.</summary>
internal static class SecurityTargets
{
    private const string Hash = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

    public static IEnumerable<FuzzTarget> All =>
    [
        Declared.OfText<FormatException>("name in a certificate", typeof(CertificateIdentity), text => CertificateIdentity.Parse(text),
            "orleansedge://device/harbour/dev7", "orleansedge://silo/harbour", "orleansedge://operator/harbour/ada", "orleansedge://site/harbour"),
        Declared.OfText<FormatException>("thumbprint", typeof(Thumbprint), text => Thumbprint.Parse(text), Hash),
        Declared.OfText<FormatException>("fingerprint", typeof(KeyFingerprint), text => KeyFingerprint.Parse(text), Hash),
        Declared.OfText<FormatException>("invitation", typeof(InvitationCode), text => InvitationCode.Parse(text), Invitation(null), Invitation("quay")),
        Declared.OfText<FormatException>("operator's name", typeof(OperatorName), text => OperatorName.Parse(text), "ada", "local"),
        new FuzzTarget(
            "block of the audit log", typeof(AuditBlock), input => _ = AuditBlock.Parse(input.Span) ?? throw new FormatException("It is none."),
            Declared.Only<FormatException>(), [Block]),
        Signature,
        Request,
        .. Tokens.All,
        .. new EnrolmentDesk().Targets,
    ];

    private static FuzzTarget Signature
    {
        get
        {
            var network = new SignedNetwork();
            return new("signature of a network", typeof(ModelSignatureValidator), network.Read, Declared.Only<FormatException>(), network.Valid);
        }
    }

    private static FuzzTarget Request
    {
        get
        {
            var device = ParticipantId.Parse("dev7");
            using var key = CertificateIssuer.CreateKey();
            var own = KeyFingerprint.Of(new PublicKey(key));
            return new(
                "request for a certificate", typeof(SigningRequest),
                input => PropertyException.Require(KeyFingerprint.Of(SigningRequest.Read(device, input.ToArray())) == own, "a key is taken that has signed nothing"),
                Declared.Only<FormatException>(), [SigningRequest.Create(device, key)])
            {
                IsSealed = true,
            };
        }
    }

    private static string Invitation(string? site) => InvitationCode.Create(
        ParticipantId.Parse("harbour"), Thumbprint.Parse(Hash), new byte[InvitationCode.PartLength], new byte[InvitationCode.PartLength],
        site is null ? null : ParticipantId.Parse(site)).ToText();

    private static byte[] Block => new AuditBlock(
        1, AuditHead.Empty.Hash, ImmutableArray.Create(new AuditRecord(DateTimeOffset.UnixEpoch, new("ada", "POST /api/jobs", AuditOutcome.Done)))).ToBytes();
}
