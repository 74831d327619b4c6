namespace OrleansEdge.Grains.Sites;

/// <summary>What participants know a silo by: a number that stands for its address and its start, and says neither.</summary>
internal static class SiloNumber
{
    /// <summary>The number of a silo, which is not 0.</summary>
    public static int Of(ILocalSiloDetails silo) => silo.SiloAddress.GetConsistentHashCode() is var number and not 0 ? number : 1;
}
