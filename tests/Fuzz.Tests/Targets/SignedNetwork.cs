using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Contracts.Security;

namespace OrleansEdge.Fuzz.Tests.Targets;

/// <summary>
/// A network's signature as one input: the lengths of its parts, two bytes each; the signature and the certificates, by a length of zero from what
/// is left, the network's name.
/// </summary>
internal sealed class SignedNetwork
{
    private static readonly ContentHash Network = ContentHash.Of([1]);
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly X509Certificate2 _root = CertificateIssuer.CreateAuthority("authority", Now);
    private readonly X509Certificate2 _harbour;
    private readonly X509Certificate2 _pier;

    public SignedNetwork()
    {
        _harbour = Issue("harbour", _root);
        _pier = Issue("harbour/pier", _harbour);
    }

    /// <summary>Signatures that are believed.</summary>
    public IReadOnlyList<byte[]> Valid =>
    [
        Write(ModelSigner.Sign(Network, _harbour, []), "lenet.pt"),
        Write(ModelSigner.Sign(Network, _pier, [_harbour]), new string('n', 1000)),
    ];

    /// <summary>Looks at an input.</summary>
    /// <exception cref="FormatException">It is not believed.</exception>
    public void Read(ReadOnlyMemory<byte> input)
    {
        var parts = ImmutableArray.CreateBuilder<byte[]>();
        while (Take(ref input, sizeof(ushort)) is { Length: sizeof(ushort) } length && BinaryPrimitives.ReadUInt16LittleEndian(length) is > 0 and var size)
        {
            parts.Add(Take(ref input, size));
        }

        var signature = new ModelSignature(parts.FirstOrDefault() ?? [], [.. parts.Skip(1)]);
        var source = new ModelSource(Encoding.UTF8.GetString(input.Span), Network) { Signature = signature };
        if (ModelSignatureValidator.Refuse(source, ParticipantId.Parse("harbour/pier"), [_root]) is { } refusal)
        {
            throw new FormatException(refusal);
        }

        PropertyException.Require(
            ModelSignatureValidator.Refuse(source with { TorchScript = ContentHash.Of([2]) }, ParticipantId.Parse("harbour/pier"), [_root]) is not null,
            "a signature is believed of any network");
    }

    private static X509Certificate2 Issue(string site, X509Certificate2 issuer)
    {
        using var key = CertificateIssuer.CreateKey();
        using var certificate = new CertificateIssuer(issuer).IssueSite(ParticipantId.Parse(site), new PublicKey(key), Now);
        return certificate.CopyWithPrivateKey(key);
    }

    private static byte[] Take(ref ReadOnlyMemory<byte> input, int length)
    {
        var part = input[..Math.Min(length, input.Length)];
        input = input[part.Length..];
        return part.ToArray();
    }

    private static byte[] Write(ModelSignature signature, string name)
    {
        using var written = new MemoryStream();
        Span<byte> length = stackalloc byte[sizeof(ushort)];
        foreach (var part in signature.Chain.Prepend(signature.Value).Append([]))
        {
            BinaryPrimitives.WriteUInt16LittleEndian(length, (ushort)part.Length);
            written.Write(length);
            written.Write(part);
        }

        written.Write(Encoding.UTF8.GetBytes(name));
        return written.ToArray();
    }
}
