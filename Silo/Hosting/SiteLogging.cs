namespace OrleansEdge.Silo.Hosting;

/// <summary>What a site writes to its log.</summary>
internal static class SiteLogging
{
    /// <summary>
    /// One line an event on standard output. The product's own categories begin with "Orleans", like the framework's, so both levels are set.
    /// </summary>
    public static void AddSiteLogging(this ILoggingBuilder logging)
    {
        logging.ClearProviders();
        logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
        });
        logging.SetMinimumLevel(LogLevel.Warning);
        logging.AddFilter("OrleansEdge", LogLevel.Information);

        // At start these warn of a setting that is chosen and of a time that is none.
        logging.AddFilter("Orleans.Runtime.Silo", LogLevel.Error);
        logging.AddFilter("Orleans.Runtime.Watchdog", LogLevel.Error);

        // Orleans tries again where it has just begun to place grains, and says so twice each time; what fails for good comes as an error.
        logging.AddFilter("Polly", LogLevel.Error);

        // While a silo is gone, each call to it that is tried again would be an error with its stack.
        logging.AddFilter("Polly", LogLevel.None);
        logging.AddFilter("Orleans.Messaging", LogLevel.Critical);

        // A refused call that wants no answer would be a warning each time, as often as somebody likes; the audit log counts them.
        logging.AddFilter("Orleans.Grain.InvokeException", LogLevel.Error);
        logging.AddFilter("Orleans.Runtime.GrainCallCancellationManager", LogLevel.Critical);
        logging.AddFilter("Orleans.Runtime.Messaging.ConnectionManager", LogLevel.Error);
        logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information);
    }
}
