using Microsoft.Extensions.Logging;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.EdgeAgent.Data;
using OrleansEdge.Participation;
using OrleansEdge.Participation.Updates;

namespace OrleansEdge.EdgeAgent.Participation.Roaming;

/// <summary>A device at the sites that it knows: the same device with the same folder everywhere, with a certificate of each site that has them.</summary>
/// <param name="host">What all participants of the process share.</param>
/// <param name="participant">The device.</param>
/// <param name="folder">Its own folder.</param>
/// <param name="data">Its data.</param>
/// <param name="first">The site that it prefers, to which updates belong that do not say for which site they were made.</param>
/// <param name="logger">The log.</param>
/// <param name="stopping">Cancelled when the process is to end.</param>
internal sealed partial class SiteVisits(
    AgentHost host, ParticipantId participant, ParticipantFolder folder, DataCatalogue data, KnownSite first, ILogger logger, CancellationToken stopping) : ISiteVisits
{
    /// <summary>What makes the device ready for each site; goes on for as long as it takes, wherever the device is meanwhile.</summary>
    private readonly Dictionary<KnownSite, Task> _preparations = [];

    /// <summary>What was said last of each site at which the device cannot take part.</summary>
    private readonly Dictionary<KnownSite, string> _told = [];

    /// <inheritdoc/>
    public async Task TakePart(KnownSite site, SiteStay? stay, CancellationToken cancellation)
    {
        var admitted = await host.Admit(site, participant, folder, cancellation);
        await using var connection = await host.Connect(site.Addresses, folder.Identity, cancellation);
        using var versions = host.ReadVersions(connection);
        await host.Participate(admitted, folder, data, connection, versions, site == first, stay, cancellation);
    }

    /// <inheritdoc/>
    public async Task<bool> Prepare(KnownSite site, CancellationToken cancellation)
    {
        if (!_preparations.TryGetValue(site, out var preparation))
        {
            _preparations[site] = preparation = MakeReady(site);
        }

        return preparation.IsCompleted && await IsWelcome(site, () => preparation);
    }

    /// <inheritdoc/>
    public async Task<bool> Answers(KnownSite site, CancellationToken cancellation) =>
        await Prepare(site, cancellation) && await IsWelcome(site, () => host.Ask(site, participant, cancellation));

    private async Task MakeReady(KnownSite site)
    {
        await host.FindCredentials(site, participant, isPatient: true, stopping);
        LogReady(site);
    }

    /// <summary>
    /// What a site says that refuses is told once. So is what is the matter with the device's own files for it: they may be mended meanwhile, so
    /// that it begins anew, and are no reason to leave the site where the device is.
    /// </summary>
    private async Task<bool> IsWelcome(KnownSite site, Func<Task> ask)
    {
        try
        {
            await ask();
            _told.Remove(site);
            return true;
        }
        catch (ParticipantRefusedException exception)
        {
            Tell(site, exception.Message, LogRefuses);
        }
        catch (Exception exception) when (SiteRoaming.IsMendable(exception))
        {
            if (_preparations[site].IsFaulted)
            {
                _preparations.Remove(site);
            }

            Tell(site, exception.Message, LogNotReady);
        }

        return false;
    }

    private void Tell(KnownSite site, string sentence, Action<KnownSite, string> log)
    {
        if (!_told.TryGetValue(site, out var told) || told != sentence)
        {
            _told[site] = sentence;
            log(site, sentence);
        }
    }

    [LoggerMessage(LogLevel.Information, "The device is ready for the site at {Site}, should it have to move there")]
    private partial void LogReady(KnownSite site);

    [LoggerMessage(LogLevel.Warning, "The device cannot be made ready for the site at {Site}, and tries again for as long as it takes: {Reason}")]
    private partial void LogNotReady(KnownSite site, string reason);

    [LoggerMessage(LogLevel.Warning, "The site at {Site} refuses this device: {Reason}")]
    private partial void LogRefuses(KnownSite site, string reason);
}
