using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Security.Files;

namespace OrleansEdge.Participation.Security;

/// <summary>Keeps a participant's certificate valid while it takes part, and asks the site again when it refuses the participant.</summary>
/// <param name="credentials">The certificate.</param>
/// <param name="enrolment">The site.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The log.</param>
/// <param name="files">Where a site keeps what it vouches with, which is renewed as well; null for a device.</param>
internal sealed partial class CertificateRenewal(
    DeviceCredentials credentials, SiteEnrolment enrolment, TimeProvider time, ILogger logger, EnrolledSite? files = null)
{
    /// <summary>A site gets no longer time than the one above it has itself: asking again at once would not help.</summary>
    private static readonly TimeSpan SitePause = TimeSpan.FromDays(1);

    /// <summary>A device that has slept finds out soon.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan RefusalPause = TimeSpan.FromSeconds(5);

    private readonly Channel<bool> _refused = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private DateTimeOffset _siteAskedAt;

    /// <summary>Says that a silo has refused the device: the site is asked whether it has a place at all.</summary>
    public void Refused() => _refused.Writer.TryWrite(true);

    /// <summary>Runs until cancelled.</summary>
    /// <exception cref="ParticipantRefusedException">The device has no place at the site any more.</exception>
    public async Task Run(CancellationToken cancellation)
    {
        var failures = 0;
        while (true)
        {
            var wasRefused = await WaitUntilRefused(cancellation);
            if (!wasRefused && !IsDue())
            {
                continue;
            }

            try
            {
                var before = credentials.Expires;
                await enrolment.Renew(credentials, cancellation, files);
                _siteAskedAt = time.GetUtcNow();
                failures = 0;
                if (credentials.Expires != before)
                {
                    LogRenewed(credentials.Identity.LocalName, credentials.Expires);
                }
            }
            catch (HttpRequestException exception)
            {
                if (failures++ == 0)
                {
                    LogFailed(credentials.Identity.LocalName, exception.Message);
                }
            }

            if (wasRefused)
            {
                await Task.Delay(RefusalPause, time, cancellation);
            }
        }
    }

    private bool IsDue()
    {
        var now = time.GetUtcNow();
        return now >= credentials.Renewal || (files is not null && now - _siteAskedAt > SitePause && now >= files.ReadRenewal());
    }

    private async Task<bool> WaitUntilRefused(CancellationToken cancellation)
    {
        try
        {
            await _refused.Reader.WaitToReadAsync(cancellation).AsTask().WaitAsync(LongestPause, time, cancellation);
            return _refused.Reader.TryRead(out _);
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    [LoggerMessage(LogLevel.Information, "'{Participant}' has a new certificate, valid until {Expires:yyyy-MM-ddTHH:mm:ssZ}")]
    private partial void LogRenewed(ParticipantId participant, DateTimeOffset expires);

    [LoggerMessage(LogLevel.Warning, "The certificate of '{Participant}' could not be renewed, and it is tried again every minute: {Reason}")]
    private partial void LogFailed(ParticipantId participant, string reason);
}
