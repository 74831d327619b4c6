using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Security.Files;
using OrleansEdge.Participation;
using OrleansEdge.Participation.Security;

namespace OrleansEdge.Silo.Hosting.Security;

/// <summary>This site as a participant of the one above it: what it shows there, and where that is. There is none where the site has not enrolled.</summary>
internal sealed class ParentSite
{
    private ParentSite(DeviceCredentials credentials, IReadOnlyList<Uri> addresses, EnrolledSite files, TimeProvider time, ILogger logger)
    {
        Credentials = credentials;
        Addresses = addresses;
        Renewal = new(credentials, new SiteEnrolment(() => addresses, time, logger), time, logger, files);
    }

    /// <summary>The certificate, renewed in time.</summary>
    public DeviceCredentials Credentials { get; }

    /// <summary>The addresses of the silos above that an operator has named.</summary>
    public IReadOnlyList<Uri> Addresses { get; }

    /// <summary>The full name of the site above.</summary>
    public ParticipantId Name => Credentials.Site;

    /// <summary>Keeps the certificates valid; to be told where a silo above refuses them.</summary>
    public CertificateRenewal Renewal { get; }

    /// <summary>Whether a site has enrolled at another.</summary>
    public static bool IsThere(CertificateFolder folder) => new EnrolledSite(folder).ReadAddresses().Count > 0;

    /// <summary>Opens what a site keeps of it.</summary>
    /// <exception cref="CertificateException">It cannot be read.</exception>
    public static ParentSite Open(CertificateFolder folder, TimeProvider time, ILogger logger)
    {
        var files = new EnrolledSite(folder);
        var credentials = DeviceCredentials.Open(files.ParentFolder, null, time)
            ?? throw new CertificateException($"{files.ParentFolder} holds no certificate for the site above: enrol again with 'certs join', by a new invitation.");
        return new(credentials, files.ReadAddresses(), files, time, logger);
    }
}

/// <summary>Renews what the site above has issued, for as long as the silo runs.</summary>
internal sealed partial class ParentRenewal(ParentSite parent, TimeProvider time, ILogger<ParentRenewal> logger) : BackgroundService
{
    /// <summary>A refusal is for good, unless an operator above thinks better of it.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromHours(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                try
                {
                    await parent.Renewal.Run(stoppingToken);
                }
                catch (Exception exception) when (exception is ParticipantRefusedException or CertificateException)
                {
                    LogRefused(parent.Name, exception.Message);
                    await Task.Delay(Pause, time, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The silo ends.
        }
    }

    [LoggerMessage(LogLevel.Error, "The certificates that '{Parent}' issues could not be renewed, which is tried again in an hour: {Reason}")]
    private partial void LogRefused(ParticipantId parent, string reason);
}
