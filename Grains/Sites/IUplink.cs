namespace OrleansEdge.Grains.Sites;

/// <summary>The connection to the site's parent, which the host of a silo makes.</summary>
internal interface IUplink
{
    /// <summary>How it stands.</summary>
    UplinkStatus Status { get; }

    /// <summary>Takes part at the parent for as long as this silo is the one that does.</summary>
    /// <param name="instanceKey">Proves, where there are no certificates, that it is this site: 64 hexadecimal digits.</param>
    /// <param name="cancellation">Ends it.</param>
    Task Run(string instanceKey, CancellationToken cancellation);
}
