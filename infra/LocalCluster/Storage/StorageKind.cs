namespace OrleansEdge.LocalCluster.Storage;

/// <summary>Where the site keeps its models and jobs.</summary>
internal enum StorageKind
{
    /// <summary>In the work folder; for one silo.</summary>
    Folder = 0,

    /// <summary>In an Azurite, which keeps its files in the work folder; for any number of silos.</summary>
    Azurite = 1,
}
