using System.Buffers.Binary;
using System.Security.Cryptography;
using OrleansEdge.Grains.Coordination;

namespace OrleansEdge.Grains.Tests.Coordination;

public sealed class DerivedSeedTests
{
    [Fact]
    public void A_seed_is_the_beginning_of_the_hash_of_its_purpose() =>
        Assert.Equal(BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData("0000000000000007/1/p0"u8)), DerivedSeed.Of(7, "1/p0"));

    [Fact]
    public void Purposes_and_seeds_give_different_seeds()
    {
        var seeds = Enumerable.Range(0, 100).SelectMany(seed => new[] { "weights", "selection", "1/p0", "1/p1", "11/p0" }
            .Select(purpose => DerivedSeed.Of((ulong)seed, purpose))).ToArray();
        Assert.Distinct(seeds);
    }
}
