namespace OrleansEdge.Silo.Hosting.Security;

/// <summary>How a site is protected; <c>/site</c> tells it.</summary>
internal static class SiteProtection
{
    /// <summary>By certificates.</summary>
    public const string Certificates = "certificates";

    /// <summary>In clear, and only for this machine.</summary>
    public const string Loopback = "loopback";

    /// <summary>In clear, for everyone who reaches it, since an operator wanted that.</summary>
    public const string Insecure = "insecure";

    /// <summary>The word for a site.</summary>
    public static string WordOf(SiteOptions options) => options.Certificates is not null ? Certificates : options.IsInsecure ? Insecure : Loopback;
}

/// <summary>Says again every hour that a site is open to everyone.</summary>
internal sealed partial class InsecureReminder(SiteOptions options, TimeProvider time, ILogger<InsecureReminder> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromHours(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            do
            {
                LogInsecure(options.Url);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The silo ends.
        }
    }

    [LoggerMessage(LogLevel.Warning, "INSECURE: {Url} is in clear and open to everyone who reaches it (--insecure): whoever does can steer jobs, read models and take part")]
    private partial void LogInsecure(Uri url);
}
