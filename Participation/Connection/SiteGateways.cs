using Orleans.Messaging;
using Orleans.Runtime;
using OrleansEdge.Contracts.Sites;
using OrleansEdge.Participation;

namespace OrleansEdge.Participation.Connection;

/// <summary>Orleans' list of gateways, read anew from the silos' HTTP ports: an agent never sees the membership's own store.</summary>
internal sealed class SiteGateways(SiteDirectory directory, SiteDescription description, SiteRefusals refusals) : IGatewayListProvider
{
    private IList<Uri> _last = ToUris(description);

    /// <inheritdoc/>
    public TimeSpan MaxStaleness => TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public bool IsUpdatable => true;

    /// <inheritdoc/>
    public Task InitializeGatewayListProvider() => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task<IList<Uri>> GetGateways()
    {
        try
        {
            _last = ToUris(await directory.Ask(CancellationToken.None));
        }
        catch (HttpRequestException)
        {
            // The site is away: what was known last is the best guess.
        }
        catch (ParticipantRefusedException exception)
        {
            refusals.Add(exception.Message);
        }

        return _last;
    }

    private static List<Uri> ToUris(SiteDescription description) => [.. SiteDirectory.Gateways(description).Select(gateway => gateway.ToGatewayUri())];
}
