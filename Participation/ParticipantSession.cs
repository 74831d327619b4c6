using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Participation.Connection;
using OrleansEdge.Participation.Identity;
using OrleansEdge.Participation.Security;

namespace OrleansEdge.Participation;

/// <summary>One participant over one connection: its calls carry its token, and its certificate stays valid.</summary>
/// <param name="participant">Who.</param>
/// <param name="instanceKey">What proves it where there are no certificates.</param>
/// <param name="identity">Its certificate; null where its site is in clear.</param>
/// <param name="renewal">Keeps that certificate valid; null where somebody else does, or there is none.</param>
/// <param name="connection">The connection, which several participants may share.</param>
/// <param name="time">The clock.</param>
internal sealed class ParticipantSession(
    ParticipantId participant, string instanceKey, DeviceCredentials? identity, CertificateRenewal? renewal, SiteConnection connection, TimeProvider time)
{
    /// <summary>Takes part until cancelled.</summary>
    /// <param name="makeLoop">Makes what the participant does, given how it asks again, and what is cancelled before its work is when it ends, however it does.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="ParticipantRefusedException">The site refuses this participant.</exception>
    public async Task Run(Func<RetryPolicy, CancellationToken, ParticipantLoop> makeLoop, CancellationToken cancellation)
    {
        // Several participants may share the connection, but each shows its own certificate where it asks for a token.
        using var own = identity is null ? null : new HttpClient(identity.CreateHandler());
        using var tokens = new AccessTokenSource(token => connection.RequestToken(new(participant.Value, instanceKey), own, token), time);
        tokens.Enter();
        var retry = new RetryPolicy(connection, time, StringComparer.Ordinal.GetHashCode(participant.Value));
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var loop = makeLoop(retry, ended.Token);
        try
        {
            await (renewal is null ? loop.Run(ended.Token) : RunWithRenewal(loop, renewal, ended));
        }
        finally
        {
            await ended.CancelAsync();
        }
    }

    /// <summary>Both go on together, and both end with either.</summary>
    private async Task RunWithRenewal(ParticipantLoop loop, CertificateRenewal renewal, CancellationTokenSource ended)
    {
        connection.Refused += renewal.Refused;
        try
        {
            var tasks = new[] { loop.Run(ended.Token), renewal.Run(ended.Token) };
            var first = await Task.WhenAny(tasks);
            await ended.CancelAsync();
            await Task.WhenAll(tasks).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await first;
        }
        finally
        {
            connection.Refused -= renewal.Refused;
        }
    }
}
