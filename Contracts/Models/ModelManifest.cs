using System.Collections.Immutable;
using OrleansEdge.Contracts.Identifiers;

namespace OrleansEdge.Contracts.Models;

/// <summary>One of a version's named vectors: <c>weights</c>, later a strategy's own.</summary>
/// <param name="Name">The vector's name.</param>
/// <param name="Shards">The content of each shard, little-endian fp32, in the order of the plan.</param>
public sealed record ManifestVector(string Name, ImmutableArray<ContentHash> Shards)
{
    /// <inheritdoc/>
    public bool Equals(ManifestVector? other) => other is not null && Name == other.Name && Shards.AsSpan().SequenceEqual(other.Shards.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Shards.Length);
}

/// <summary>
/// What a model version consists of. It says nothing of when, where or by whom: equal weights of an equal layout have equal bytes of
/// manifest, and so the same <see cref="Hash"/>.
/// </summary>
public sealed record ModelManifest
{
    /// <summary>The name of the vector that every version has.</summary>
    public const string Weights = "weights";

    /// <summary>The format that is written and read.</summary>
    public const int FormatVersion = 1;

    /// <summary>A manifest whose parts fit together.</summary>
    /// <param name="layout">The tensors.</param>
    /// <param name="plan">The cut; of the layout's number of weights.</param>
    /// <param name="vectors">The vectors, in ordinal order of their names, <see cref="Weights"/> among them.</param>
    /// <param name="integers">The integer buffers, little-endian int64, as the layout says.</param>
    /// <exception cref="ModelManifestException">The parts do not fit together.</exception>
    public ModelManifest(ModelLayout layout, ShardPlan plan, ImmutableArray<ManifestVector> vectors, ReadOnlyMemory<byte> integers)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentNullException.ThrowIfNull(plan);
        Layout = layout;
        Plan = plan;
        Vectors = vectors;
        Integers = integers;
        ModelManifestRules.Require(this);
    }

    /// <summary>The tensors.</summary>
    public ModelLayout Layout { get; }

    /// <summary>The cut of every vector.</summary>
    public ShardPlan Plan { get; }

    /// <summary>The vectors, in ordinal order of their names.</summary>
    public ImmutableArray<ManifestVector> Vectors { get; }

    /// <summary>The integer buffers, little-endian int64.</summary>
    public ReadOnlyMemory<byte> Integers { get; }

    /// <summary>The shards of <see cref="Weights"/>.</summary>
    public ImmutableArray<ContentHash> WeightShards => this[Weights]!.Shards;

    /// <summary>The vector of this name; null when there is none.</summary>
    public ManifestVector? this[string name] => Vectors.FirstOrDefault(vector => vector.Name == name);

    /// <summary>The hash of the manifest's bytes: the version's content hash.</summary>
    public ContentHash Hash => ContentHash.Of(ToBytes());

    /// <summary>A manifest with the weights only.</summary>
    public static ModelManifest OfWeights(ModelLayout layout, ShardPlan plan, ImmutableArray<ContentHash> shards, ReadOnlyMemory<byte> integers) =>
        new(layout, plan, [new(Weights, shards)], integers);

    /// <summary>Reads a manifest's bytes and checks all that can be checked without the shards.</summary>
    /// <exception cref="ModelManifestException">The bytes are something else; the message says what is wrong.</exception>
    public static ModelManifest Parse(ReadOnlyMemory<byte> bytes) => ModelManifestJson.Parse(bytes);

    /// <summary>The manifest's bytes: UTF-8 JSON without white space, properties in a fixed order.</summary>
    public byte[] ToBytes() => ModelManifestJson.Write(this);

    /// <inheritdoc/>
    public bool Equals(ModelManifest? other) => other is not null && ToBytes().AsSpan().SequenceEqual(other.ToBytes());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Plan, Vectors.Length, Integers.Length);
}
