using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace OrleansEdge.Grains.Coordination;

/// <summary>Makes independent seeds from a job's one seed, so that a round and a participant always get the same.</summary>
internal static class DerivedSeed
{
    /// <summary>The first 64 bits of the SHA-256 of the seed and the purpose.</summary>
    public static ulong Of(ulong seed, string purpose)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{seed:x16}/{purpose}"), hash);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash);
    }
}
