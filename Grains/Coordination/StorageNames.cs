namespace OrleansEdge.Grains.Coordination;

/// <summary>Names that several grains share.</summary>
public static class StorageNames
{
    /// <summary>The storage provider of grain state.</summary>
    public const string Grains = "grains";

    /// <summary>The key of the site's one fleet grain.</summary>
    public const string Fleet = "fleet";

    /// <summary>The key of the site's one uplink grain.</summary>
    public const string Uplink = "uplink";
}
