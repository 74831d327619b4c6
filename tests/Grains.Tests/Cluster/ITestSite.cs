namespace OrleansEdge.Grains.Tests.Cluster;

/// <summary>A site that participants reach.</summary>
internal interface ITestSite
{
    /// <summary>Its grains, as a client sees them.</summary>
    IGrainFactory Grains { get; }
}
