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
internal sealed partial class SiteVisits(
    AgentHost host, ParticipantId participant, ParticipantFolder folder, DataCatalogue data, KnownSite first, ILogger logger) : ISiteVisits
{
    private readonly HashSet<KnownSite> _refusing = [];

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
        if (_refusing.Contains(site))
        {
            return false;
        }

        try
        {
            await host.FindCredentials(site, participant, cancellation);
            return true;
        }
        catch (ParticipantRefusedException exception)
        {
            _refusing.Add(site);
            LogCannotEnrol(site, exception.Message);
            return false;
        }
    }

    /// <inheritdoc/>
    public async Task<bool> Answers(KnownSite site, CancellationToken cancellation)
    {
        if (!await Prepare(site, cancellation))
        {
            return false;
        }

        try
        {
            return await host.Answers(site, participant, cancellation);
        }
        catch (ParticipantRefusedException exception)
        {
            LogCannotEnrol(site, exception.Message);
            return false;
        }
    }

    [LoggerMessage(LogLevel.Warning, "The site at {Site} would refuse this device: {Reason}")]
    private partial void LogCannotEnrol(KnownSite site, string reason);
}
