using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using OrleansEdge.Contracts.Security.Files;
using OrleansEdge.Participation;

namespace OrleansEdge.EdgeAgent.Participation.Roaming;

/// <summary>What a device does at a site, as <see cref="SiteRoaming"/> needs it.</summary>
internal interface ISiteVisits
{
    /// <summary>Takes part at a site until cancelled; tries for ever to reach it.</summary>
    /// <exception cref="ParticipantRefusedException">The site refuses.</exception>
    Task TakePart(KnownSite site, SiteStay? stay, CancellationToken cancellation);

    /// <summary>Begins to make ready for a site where that is to be done, that is, to enrol there; does not wait for it.</summary>
    /// <returns>Whether the device is ready for it.</returns>
    Task<bool> Prepare(KnownSite site, CancellationToken cancellation);

    /// <summary>Asks a site, once, whether it is there.</summary>
    Task<bool> Answers(KnownSite site, CancellationToken cancellation);
}

/// <summary>
/// A device that knows several sites, in the order of its preference. It is at one at a time. When that one has not answered for a while, it
/// moves to the first other that answers; when a site that it prefers has answered for as long, it goes there, between two instructions.
/// </summary>
/// <param name="sites">The sites, the preferred ones first.</param>
/// <param name="visits">Takes part at them.</param>
/// <param name="patience">How long is a while.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Told of each move.</param>
internal sealed partial class SiteRoaming(IReadOnlyList<KnownSite> sites, ISiteVisits visits, TimeSpan patience, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan LongestPeriod = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ProbeLimit = TimeSpan.FromSeconds(10);

    /// <summary>Sites that have refused this device: it does not go there again in this process.</summary>
    private readonly HashSet<int> _refusing = [];

    /// <summary>When the device could not take part at a site though it answers: for ten times its patience, others come first.</summary>
    private readonly Dictionary<int, long> _failedAt = [];

    /// <summary>Since when each site answers that is preferred to the present one.</summary>
    private readonly Dictionary<int, long> _answersSince = [];

    private TimeSpan Period => patience / 4 < LongestPeriod ? patience / 4 : LongestPeriod;

    /// <summary>Takes part, now here, now there, until cancelled.</summary>
    /// <exception cref="ParticipantRefusedException">The first site refuses this device.</exception>
    public async Task Run(CancellationToken cancellation)
    {
        for (var at = 0; !cancellation.IsCancellationRequested;)
        {
            at = await StayAt(at, cancellation);
        }
    }

    private async Task<int> StayAt(int at, CancellationToken cancellation)
    {
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var stay = new SiteStay(time, leave.Token);
        _answersSince.Clear();
        var watch = Watch(at, stay, leave.Token);
        var work = visits.TakePart(sites[at], stay, leave.Token);
        await Task.WhenAny(work, watch);
        await leave.CancelAsync();
        await Task.WhenAll(work, watch).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (cancellation.IsCancellationRequested)
        {
            return at;
        }

        if (watch.IsCompletedSuccessfully || !work.IsFaulted)
        {
            // What went wrong in leaving a site that is gone does not matter.
            return await watch;
        }

        switch (work.Exception.InnerException)
        {
            case ParticipantRefusedException refused when at > 0:
                LogRefused(sites[at], refused.Message);
                _refusing.Add(at);
                return 0;
            case { } trouble when at > 0 && IsMendable(trouble):
                LogFailed(sites[at], trouble.Message);
                _failedAt[at] = time.GetTimestamp();
                return 0;
        }

        await work;
        return at;
    }

    /// <summary>Looks about until there is somewhere else to go.</summary>
    private async Task<int> Watch(int at, SiteStay stay, CancellationToken cancellation)
    {
        while (true)
        {
            await Task.WhenAny(stay.Paused, Task.Delay(Period, time, cancellation));
            cancellation.ThrowIfCancellationRequested();
            for (var site = 0; site < sites.Count; site++)
            {
                if (site != at && !_refusing.Contains(site))
                {
                    await visits.Prepare(sites[site], cancellation);
                }
            }

            if (await FindPreferred(at, stay, cancellation) is { } preferred)
            {
                if (preferred != at)
                {
                    LogReturns(sites[preferred], sites[at]);
                }

                return preferred;
            }

            if (stay.Trouble >= patience && await FindOther(at, cancellation) is { } other)
            {
                LogMoves(sites[other], sites[at], stay.Trouble.TotalSeconds);
                return other;
            }
        }
    }

    /// <summary>A preferred site that has answered for a while, when the device does nothing; null for none.</summary>
    private async Task<int?> FindPreferred(int at, SiteStay stay, CancellationToken cancellation)
    {
        for (var site = 0; site < at; site++)
        {
            if (IsFailing(site) || !await Answers(site, cancellation))
            {
                _answersSince.Remove(site);
                continue;
            }

            _answersSince.TryAdd(site, time.GetTimestamp());
            if (time.GetElapsedTime(_answersSince[site]) >= patience)
            {
                stay.Pause();
                if (stay.Paused.IsCompleted)
                {
                    return site;
                }
            }
        }

        // It may be away again before there was a good moment to leave; who has paused already leaves for wherever there is.
        if (_answersSince.Count == 0 && !stay.Paused.IsCompleted)
        {
            stay.GoOn();
        }

        return stay.Paused.IsCompleted ? _answersSince.Count > 0 ? _answersSince.Keys.Min() : at : null;
    }

    private async Task<int?> FindOther(int at, CancellationToken cancellation)
    {
        foreach (var site in Enumerable.Range(0, sites.Count).OrderBy(IsFailing))
        {
            if (site != at && await Answers(site, cancellation))
            {
                return site;
            }
        }

        return null;
    }

    private bool IsFailing(int site) => _failedAt.TryGetValue(site, out var at) && time.GetElapsedTime(at) < 10 * patience;

    private async Task<bool> Answers(int site, CancellationToken cancellation) =>
        !_refusing.Contains(site) && await Limited(token => visits.Answers(sites[site], token), cancellation);

    /// <summary>What takes too long, or fails, is no answer.</summary>
    private async Task<bool> Limited(Func<CancellationToken, Task<bool>> ask, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(ProbeLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            return await ask(either.Token);
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>The trouble of a device with its own files for a site may be mended meanwhile. At the first site somebody must be told, and the agent ends.</summary>
    public static bool IsMendable(Exception exception) =>
        exception is IOException or UnauthorizedAccessException or FormatException or CertificateException or CryptographicException;

    [LoggerMessage(LogLevel.Warning, "The site at {From} has not answered for {Seconds:0} s: the device goes on at {To}")]
    private partial void LogMoves(KnownSite to, KnownSite from, double seconds);

    [LoggerMessage(LogLevel.Information, "The site at {To} answers again: the device leaves {From} and goes back to it")]
    private partial void LogReturns(KnownSite to, KnownSite from);

    [LoggerMessage(LogLevel.Warning, "The device cannot take part at {Site}, and looks at its other sites again, beginning with the first: {Reason}")]
    private partial void LogFailed(KnownSite site, string reason);

    [LoggerMessage(LogLevel.Warning, "The site at {Site} refuses this device, which does not go there again until it is started anew: {Reason}")]
    private partial void LogRefused(KnownSite site, string reason);
}
