using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using OrleansEdge.Contracts.Faults.Network;
using OrleansEdge.Contracts.Sites;

namespace OrleansEdge.EdgeAgent.Connection;

/// <summary>Asks a site's HTTP port who it is and where its gateways are.</summary>
/// <param name="site">Where the site is.</param>
/// <param name="cut">Cuts this process off, under test.</param>
internal sealed class SiteDirectory(Uri site, NetworkCut? cut) : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    private readonly HttpClient _http = new() { BaseAddress = site, Timeout = Timeout };

    /// <summary>Where the site is.</summary>
    public Uri Site => site;

    /// <summary>Asks once.</summary>
    /// <exception cref="HttpRequestException">Nobody answers, or something else than a site.</exception>
    public async Task<SiteDescription> Ask(CancellationToken cancellation)
    {
        if (cut is { IsOn: true })
        {
            throw new HttpRequestException($"{site} cannot be reached: the network is cut, under test.");
        }

        try
        {
            return await _http.GetFromJsonAsync<SiteDescription>("/site", cancellation)
                ?? throw new HttpRequestException($"{site} is not a site: it answers nothing.");
        }
        catch (JsonException exception)
        {
            throw new HttpRequestException($"{site} is not a site: it answers something else than a description of itself.", exception);
        }
        catch (OperationCanceledException exception) when (!cancellation.IsCancellationRequested)
        {
            throw new HttpRequestException($"{site} does not answer within {Timeout.TotalSeconds:0} s.", exception);
        }
    }

    /// <summary>The gateways of a description.</summary>
    public static IReadOnlyList<IPEndPoint> Gateways(SiteDescription description) => [.. description.Gateways.Select(IPEndPoint.Parse)];

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();
}
