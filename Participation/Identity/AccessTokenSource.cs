using OrleansEdge.Contracts.Identity;

namespace OrleansEdge.Participation.Identity;

/// <summary>
/// The access token of one participant: asked for at its first call, and again before it ends. Several participants share a process and a
/// connection, so whose call it is goes with the flow of the program: see <see cref="Enter"/>.
/// </summary>
/// <param name="ask">Asks the site for a token.</param>
/// <param name="time">The clock.</param>
internal sealed class AccessTokenSource(Func<CancellationToken, Task<TokenReply>> ask, TimeProvider time) : IDisposable
{
    /// <summary>How long the site may take to answer.</summary>
    private static readonly TimeSpan AskLimit = TimeSpan.FromSeconds(10);

    /// <summary>The share of its life after which a token is renewed.</summary>
    private const double RenewAfter = 0.6;

    private static readonly AsyncLocal<AccessTokenSource?> OfThisFlow = new();

    private readonly SemaphoreSlim _asking = new(1);
    private volatile Held? _held;

    /// <summary>Whose calls are made here; null for nobody's.</summary>
    public static AccessTokenSource? Current => OfThisFlow.Value;

    /// <summary>
    /// Makes calls from here on, and in everything that is begun from here on, those of this participant. A loop does so at each turn: a token that
    /// is known by then is put beside all the calls of the turn at once, and not beside each of them anew.
    /// </summary>
    public void Enter()
    {
        if (Current != this)
        {
            OfThisFlow.Value = this;
        }

        if (Usable is { } token)
        {
            Carry(token);
        }
    }

    /// <summary>Makes a call with the token of this flow's participant beside it. Every call that needs one is made through here.</summary>
    /// <exception cref="ParticipantRefusedException">The site gives none.</exception>
    /// <exception cref="HttpRequestException">The site does not answer.</exception>
    public static Task<T> Call<T>(Func<Task<T>> call) => Current is { } tokens ? tokens.CallWithToken(call) : call();

    /// <summary>A token that is valid as far as is known.</summary>
    /// <exception cref="Participation.ParticipantRefusedException">The site gives none.</exception>
    /// <exception cref="HttpRequestException">The site does not answer.</exception>
    public async ValueTask<string> Get()
    {
        if (Usable is { } held)
        {
            return held;
        }

        await _asking.WaitAsync();
        try
        {
            if (Usable is { } renewed)
            {
                return renewed;
            }

            using var limit = new CancellationTokenSource(AskLimit, time);
            var asked = time.GetTimestamp();
            var reply = await ask(limit.Token);
            _held = new(reply.Token, asked, TimeSpan.FromSeconds(reply.SecondsLeft * RenewAfter));
            return reply.Token;
        }
        finally
        {
            _asking.Release();
        }
    }

    /// <summary>The site does not take a token any more, for whatever reason: the next call asks for a new one.</summary>
    public void Forget() => _held = null;

    /// <inheritdoc/>
    public void Dispose() => _asking.Dispose();

    private async Task<T> CallWithToken<T>(Func<Task<T>> call)
    {
        Carry(await Get());
        return await call();
    }

    private static void Carry(string token)
    {
        if (!ReferenceEquals(RequestContext.Get(CallContext.Token), token))
        {
            RequestContext.Set(CallContext.Token, token);
        }
    }

    private string? Usable => _held is { } held && time.GetElapsedTime(held.AskedAt) < held.UsableFor ? held.Token : null;

    private sealed record Held(string Token, long AskedAt, TimeSpan UsableFor);
}
