using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace OrleansEdge.Grains.Placement;

/// <summary>
/// Highest random weight hashing (Thaler and Ravishankar, "Using name-based mappings to increase hit rates", 1998): each name has an order of all silos,
/// names differ in it, and a silo that comes or goes moves only what is at home there.
/// </summary>
internal static class SiloOrder
{
    /// <summary>The silos in a name's order; the same in every silo, and after a silo has started again at its address.</summary>
    public static ImmutableArray<SiloAddress> Of(string name, IEnumerable<SiloAddress> silos) =>
        [.. silos.OrderByDescending(silo => Weight(name, silo)).ThenBy(silo => silo)];

    private static ulong Weight(string name, SiloAddress silo) =>
        BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{name}@{silo.Endpoint}")));
}
