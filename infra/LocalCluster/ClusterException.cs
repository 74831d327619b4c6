namespace OrleansEdge.LocalCluster;

/// <summary>The run cannot go on; the message is for the user.</summary>
internal sealed class ClusterException(string message) : Exception(message);
