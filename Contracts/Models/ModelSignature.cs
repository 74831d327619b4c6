using System.Collections.Immutable;

namespace OrleansEdge.Contracts.Models;

/// <summary>A site's signature of a TorchScript file, and what it takes to see whose it is.</summary>
/// <param name="Value">The signature: ECDSA over P-256 with SHA-256, as two numbers of 32 bytes each.</param>
/// <param name="Chain">The site's certificate, and those between it and the authority, which is not among them; DER.</param>
[GenerateSerializer, Immutable, Alias(Aliases.ModelSignature)]
public sealed record ModelSignature([property: Id(0)] byte[] Value, [property: Id(1)] ImmutableArray<byte[]> Chain)
{
    /// <inheritdoc/>
    public bool Equals(ModelSignature? other) =>
        other is not null && Value.AsSpan().SequenceEqual(other.Value) && Chain.IsDefault == other.Chain.IsDefault && (Chain.IsDefault || IsSameChain(other));

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(Value);
        return hash.ToHashCode();
    }

    private bool IsSameChain(ModelSignature other) => Chain.Length == other.Chain.Length
        && Chain.Zip(other.Chain).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second));
}
