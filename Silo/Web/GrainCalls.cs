namespace OrleansEdge.Silo.Web;

/// <summary>No request waits for a grain for ever.</summary>
internal static class GrainCalls
{
    /// <summary>How long a request waits for one grain; below the client's own limit, so that the site's sentence arrives.</summary>
    internal static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    /// <summary>Waits for the answer, at most <see cref="Limit"/>.</summary>
    /// <exception cref="TimeoutException">It has not come.</exception>
    public static Task<T> Limited<T>(this Task<T> call, CancellationToken cancellation) => call.WaitAsync(Limit, cancellation);

    /// <inheritdoc cref="Limited{T}(Task{T}, CancellationToken)"/>
    public static Task<T> Limited<T>(this ValueTask<T> call, CancellationToken cancellation) => call.AsTask().WaitAsync(Limit, cancellation);
}
