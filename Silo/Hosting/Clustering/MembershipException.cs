namespace OrleansEdge.Silo.Hosting.Clustering;

/// <summary>A silo cannot join the others of its site. The message is one sentence that says what to do.</summary>
internal sealed class MembershipException(string message) : Exception(message);
