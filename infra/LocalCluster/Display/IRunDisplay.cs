using OrleansEdge.LocalCluster.Runs;

namespace OrleansEdge.LocalCluster.Display;

/// <summary>Shows a run while it goes on.</summary>
internal interface IRunDisplay
{
    /// <summary>Does some work, which says now and then how it stands.</summary>
    /// <param name="work">The work; it calls what it is given to show a snapshot.</param>
    Task<T> Show<T>(Func<Action<RunSnapshot>, Task<T>> work);
}
