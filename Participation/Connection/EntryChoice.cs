using System.Buffers.Binary;
using System.IO.Hashing;
using OrleansEdge.Contracts.Identifiers;

namespace OrleansEdge.Participation.Connection;

/// <summary>
/// Which silo serves some content. All participants choose alike without a word, content is spread evenly, and where a silo comes or goes only
/// its own share moves (rendezvous hashing).
/// </summary>
internal static class EntryChoice
{
    /// <summary>Chooses.</summary>
    /// <param name="content">The content.</param>
    /// <param name="silos">The silos' numbers: one at least.</param>
    public static int Choose(ContentHash content, IEnumerable<int> silos) => silos.MaxBy(silo => (Weight(content, silo), silo));

    private static ulong Weight(ContentHash content, int silo)
    {
        Span<byte> bytes = stackalloc byte[64 + sizeof(int)];
        System.Text.Encoding.ASCII.GetBytes(content.Hex, bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[64..], silo);
        return XxHash3.HashToUInt64(bytes);
    }
}
