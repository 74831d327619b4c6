using OrleansEdge.Grains.Enrolment;

namespace OrleansEdge.Silo.Hosting.Security;

/// <summary>
/// Every two seconds: reads the revocations that other silos of the site have written, ends connections whose certificates have expired, and
/// renews what is to be renewed.
/// </summary>
internal sealed partial class SecurityUpkeep(
    EnrolmentRecords records, RevocationList revocations, LiveConnections connections, SiteCertificates certificates, TimeProvider time,
    ILogger<SecurityUpkeep> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(2);

    /// <summary>A site's certificate is made by a person, who needs some time.</summary>
    private static readonly TimeSpan WarnBefore = TimeSpan.FromDays(60);

    private DateTimeOffset _warnedAt;
    private bool _isTroubled;

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

    private async Task Look(CancellationToken stoppingToken)
    {
        try
        {
            connections.AbortExpired();
            if (certificates.Refresh())
            {
                LogRenewed(certificates.Expires);
            }

            Warn();
            revocations.Update(await records.ReadRevocations(stoppingToken));
            _isTroubled = false;
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
        {
            if (!_isTroubled)
            {
                LogFailed(exception.Message);
            }

            _isTroubled = true;
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

    [LoggerMessage(LogLevel.Error, "Certificates and revocations could not be looked after, and are tried again in a moment: {Reason}")]
    private partial void LogFailed(string reason);
}
