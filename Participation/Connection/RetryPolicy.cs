using Orleans.Runtime;
using OrleansEdge.Contracts.Content;
using OrleansEdge.Contracts.Identity;
using OrleansEdge.Participation;
using OrleansEdge.Participation.Identity;

namespace OrleansEdge.Participation.Connection;

/// <summary>How an agent asks again: for ever, with growing, jittered pauses. A call that gets no answer has an unknown outcome.</summary>
/// <param name="connection">Whose breaking ends all calls in flight.</param>
/// <param name="time">The clock.</param>
/// <param name="seed">Seeds the jitter; differs by participant, so that a thousand do not come back at once.</param>
internal sealed class RetryPolicy(SiteConnection connection, TimeProvider time, int seed)
{
    /// <summary>How long a call may take.</summary>
    public static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(12);

    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private readonly Random _jitter = new(seed);
    private readonly Lock _lock = new();

    /// <summary>Calls with a limit that also ends when the connection breaks; once more where the site refuses the token.</summary>
    /// <exception cref="ParticipantRefusedException">The site refuses the caller.</exception>
    public async Task<T> Call<T>(Func<Task<T>> call, CancellationToken cancellation, TimeSpan? limit = null)
    {
        try
        {
            return await CallOnce(call, limit, cancellation);
        }
        catch (CallRefusedException exception) when (exception.Reason == CallRefusal.TokenRefused && AccessTokenSource.Current is { } tokens)
        {
            // It has ended, or the site has forgotten it.
            tokens.Forget();
        }
        catch (CallRefusedException exception)
        {
            throw new ParticipantRefusedException(exception.Message);
        }

        return await CallOnce(call, limit, cancellation);
    }

    private async Task<T> CallOnce<T>(Func<Task<T>> call, TimeSpan? limit, CancellationToken cancellation)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation, connection.Lost);
        try
        {
            return await AccessTokenSource.Call(call).WaitAsync(limit ?? CallLimit, time, ended.Token);
        }
        catch (OperationCanceledException exception) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException("the connection to the site broke during a call.", exception);
        }
        catch (Exception exception) when (
            exception is not (OperationCanceledException or ContentMissingException or CallRefusedException or ParticipantRefusedException) && !IsTransient(exception, cancellation))
        {
            // Whatever fails in the site, or cannot cross the wire, is the site's trouble: it says nothing of what this participant can do.
            throw new InvalidOperationException($"the site could not answer: {exception.Message}", exception);
        }
    }

    /// <summary>Calls until there is an answer.</summary>
    /// <exception cref="ParticipantRefusedException">The site refuses the caller.</exception>
    public async Task<T> Repeat<T>(Func<Task<T>> call, CancellationToken cancellation)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return await Call(call, cancellation);
            }
            catch (Exception exception) when (IsTransient(exception, cancellation))
            {
                await Delay(attempt, cancellation);
            }
        }
    }

    /// <inheritdoc cref="Repeat{T}(Func{Task{T}}, CancellationToken)"/>
    public Task Repeat(Func<Task> call, CancellationToken cancellation) => Repeat(
        async () =>
        {
            await call();
            return true;
        },
        cancellation);

    /// <summary>Whether asking again can help. What the site refuses is an answer, not an exception.</summary>
    public static bool IsTransient(Exception exception, CancellationToken cancellation) =>
        !cancellation.IsCancellationRequested
        && exception is TimeoutException or OrleansException or IOException or ArgumentException or InvalidOperationException or OperationCanceledException
            or System.Net.Sockets.SocketException or HttpRequestException or CallRefusedException
        && exception is not (ContentMissingException or ObjectDisposedException);

    /// <summary>The pause after a failed attempt.</summary>
    public Task Delay(int attempt, CancellationToken cancellation)
    {
        double factor;
        lock (_lock)
        {
            factor = 0.5 + _jitter.NextDouble();
        }

        var pause = Math.Min(LongestPause.TotalMilliseconds, ShortestPause.TotalMilliseconds * Math.Pow(2, Math.Min(attempt, 10)));
        return Wait(TimeSpan.FromMilliseconds(pause * factor), cancellation);
    }

    /// <summary>A pause of a given length.</summary>
    public Task Wait(TimeSpan pause, CancellationToken cancellation) => Task.Delay(pause, time, cancellation);
}
