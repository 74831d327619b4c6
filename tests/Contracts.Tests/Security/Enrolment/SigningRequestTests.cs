using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Security;
using OrleansEdge.Contracts.Security.Enrolment;

namespace OrleansEdge.Contracts.Tests.Security.Enrolment;

public sealed class SigningRequestTests
{
    private static readonly ParticipantId Device = ParticipantId.Parse("dev7");

    [Fact]
    public void Request_gives_the_key_that_signed_it()
    {
        using var key = CertificateIssuer.CreateKey();
        Assert.Equal(KeyFingerprint.Of(new PublicKey(key)), KeyFingerprint.Of(SigningRequest.Read(Device, SigningRequest.Create(Device, key))));
    }

    [Fact]
    public void Request_of_another_device_is_refused()
    {
        using var key = CertificateIssuer.CreateKey();
        Refused(SigningRequest.Create(ParticipantId.Parse("dev8"), key), "names somebody else than 'dev7'");
    }

    [Fact]
    public void Any_byte_that_was_changed_is_noticed()
    {
        using var key = CertificateIssuer.CreateKey();
        var request = SigningRequest.Create(Device, key);
        var fingerprint = KeyFingerprint.Of(new PublicKey(key));
        for (var index = 0; index < request.Length; index++)
        {
            var changed = request.ToArray();
            changed[index] ^= 0x10;

            // An encoding of the same request may be read; nothing else may come of it.
            try
            {
                Assert.Equal(fingerprint, KeyFingerprint.Of(SigningRequest.Read(Device, changed)));
            }
            catch (FormatException)
            {
                // As it should be.
            }
        }
    }

    [Fact]
    public void Key_of_another_kind_is_refused()
    {
        using var rsa = RSA.Create(2048);
        Refused(new CertificateRequest("CN=dev7", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSigningRequest(), "of another kind");
        using var large = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        Refused(new CertificateRequest("CN=dev7", large, HashAlgorithmName.SHA256).CreateSigningRequest(), "of another kind");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(5000)]
    public void Bytes_that_are_no_request_are_refused(int length) => Refused(new byte[length], "request for a certificate");

    private static void Refused(byte[] request, string sentence) =>
        Assert.Contains(sentence, Assert.Throws<FormatException>(() => SigningRequest.Read(Device, request)).Message, StringComparison.Ordinal);
}
