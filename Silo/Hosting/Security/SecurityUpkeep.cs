using OrleansEdge.Grains.Audit;
using OrleansEdge.Grains.Enrolment;

namespace OrleansEdge.Silo.Hosting.Security;

/// <summary>
/// Every two seconds: ends connections whose certificates have expired, reads the revocations that other silos of the site have written, and
/// renews what is to be renewed. Certificates that somebody has put in the site's folder are on record when they are in use.
/// </summary>
internal sealed partial class SecurityUpkeep(
    EnrolmentRecords records, RevocationList revocations, LiveConnections connections, SiteCertificates certificates, SiteOptions site, IAuditLog audit,
    TimeProvider time, ILogger<SecurityUpkeep> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(2);

    /// <summary>A site's certificate is made by a person, who needs some time.</summary>
    private static readonly TimeSpan WarnBefore = TimeSpan.FromDays(60);

    private readonly HashSet<string> _troubled = [];
    private readonly Queue<AuditEntry> _unrecorded = [];
    private DateTimeOffset _warnedAt;

    /// <inheritdoc/>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        // Before the first connection: who was shut out must not slip in while the silo starts.
        revocations.Update(await records.ReadRevocations(cancellationToken));
        await base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await Look(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The silo ends.
        }
    }

    /// <summary>Each by itself: site files that cannot be used must not keep this silo from hearing who was shut out at another.</summary>
    internal async Task Look(CancellationToken stoppingToken)
    {
        await Try("Connections", () => Now(connections.AbortExpired), stoppingToken);
        await Try("Revocations", async () => revocations.Update(await records.ReadRevocations(stoppingToken)), stoppingToken);
        await Try("The site's certificates", () => Now(Refresh), stoppingToken);
        await Try("The record of the site's new certificates", Record, stoppingToken);
        Warn();
    }

    private static Task Now(Action step)
    {
        step();
        return Task.CompletedTask;
    }

    private async Task Try(string what, Func<Task> step, CancellationToken stoppingToken)
    {
        try
        {
            await step();
            _troubled.Remove(what);
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
        {
            if (_troubled.Add(what))
            {
                LogFailed(what, exception.Message);
            }
        }
    }

    private void Refresh()
    {
        var change = certificates.Refresh();
        if (change != CertificateChange.None)
        {
            LogRenewed(certificates.Expires);
        }

        if (change == CertificateChange.TakenOver)
        {
            _unrecorded.Enqueue(new(
                "site", "take over certificates", AuditOutcome.Done, From: site.Url.Authority,
                Detail: $"The site's certificate is {certificates.SiteCertificate.Hex}, valid until {certificates.SiteExpires:yyyy-MM-ddTHH:mm:ssZ}, " +
                    $"under the authority {certificates.Pin.Hex}."));
        }
    }

    /// <summary>Tried again while the store is away.</summary>
    private async Task Record()
    {
        while (_unrecorded.TryPeek(out var entry))
        {
            await audit.Record(entry);
            _unrecorded.Dequeue();
        }
    }

    private void Warn()
    {
        var now = time.GetUtcNow();
        if (certificates.SiteExpires - now < WarnBefore && now - _warnedAt > TimeSpan.FromDays(1))
        {
            _warnedAt = now;
            LogExpires(certificates.SiteExpires);
        }
    }

    [LoggerMessage(LogLevel.Information, "This silo has a new certificate, valid until {Expires:yyyy-MM-ddTHH:mm:ssZ}")]
    private partial void LogRenewed(DateTimeOffset expires);

    [LoggerMessage(LogLevel.Warning, "The site's certificate expires at {Expires:yyyy-MM-ddTHH:mm:ssZ}: make another with 'certs renew' where the authority's key is")]
    private partial void LogExpires(DateTimeOffset expires);

    [LoggerMessage(LogLevel.Error, "{What} could not be looked after, and are tried again in a moment: {Reason}")]
    private partial void LogFailed(string what, string reason);
}
