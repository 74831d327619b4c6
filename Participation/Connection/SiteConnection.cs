using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Messaging;
using OrleansEdge.Contracts.Faults;
using OrleansEdge.Contracts.Identity;
using OrleansEdge.Contracts.Security.Transport;
using OrleansEdge.Contracts.Sites;
using OrleansEdge.Participation;
using OrleansEdge.Participation.Identity;
using OrleansEdge.Participation.Security;

namespace OrleansEdge.Participation.Connection;

/// <summary>
/// A connection to a site that never gives up: it starts before the site does, lives through the site's restarts, and moves on to other silos
/// when one is gone. What was waiting when a connection broke is told so by <see cref="Lost"/>, since Orleans leaves calls in flight to their
/// time limit.
/// </summary>
internal sealed class SiteConnection : IAsyncDisposable
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(500);

    /// <summary>Clocks may differ by so much before somebody is told.</summary>
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(15);

    private readonly IHost _host;
    private readonly SiteDirectory _directory;
    private CancellationTokenSource _lost = new();

    private SiteConnection(IHost host, SiteDirectory directory, SiteDescription site, TimeSpan roundTrip, TimeProvider time)
    {
        Entries = new(() => Grains, () => Latest.Gateways.Count, () => Lost, time);
        RoundTrip = roundTrip;
        _host = host;
        _directory = directory;
        Site = site;
    }

    /// <summary>The site's description when the connection was made.</summary>
    public SiteDescription Site { get; }

    /// <summary>The site's description, as it was told last.</summary>
    public SiteDescription Latest => _directory.Latest ?? Site;

    /// <summary>How far the site's clock is ahead of this machine's, to the second; null where the site does not say.</summary>
    public TimeSpan? ClockDifference => _directory.ClockDifference;

    /// <summary>What is the matter with the clocks; null for nothing.</summary>
    /// <param name="site">What the site is to whoever asks, such as 'the parent'.</param>
    public string? ClockTrouble(string site) => ClockDifference is { } difference && difference.Duration() > ClockTolerance
        ? $"{site}'s clock is {Math.Abs(difference.TotalMinutes):0} minutes {(difference > TimeSpan.Zero ? "ahead of" : "behind")} this machine's: set both by a time server."
        : null;

    /// <summary>How long the site took to answer a small question.</summary>
    public TimeSpan RoundTrip { get; }

    /// <summary>Where the site's silos are, as far as is known.</summary>
    public IReadOnlyList<Uri> Addresses => _directory.Addresses;

    /// <summary>Raised when a silo refuses the certificate of this connection.</summary>
    public event Action? Refused;

    /// <summary>The site's grains.</summary>
    public IGrainFactory Grains => _host.Services.GetRequiredService<IClusterClient>();

    /// <summary>The ways to each of the site's silos.</summary>
    public SiteEntries Entries { get; }

    /// <summary>Cancelled when a connection to a silo that is up now breaks.</summary>
    public CancellationToken Lost => Volatile.Read(ref _lost).Token;

    /// <summary>Asks the site for a token with which calls over this connection are made.</summary>
    /// <param name="request">Who asks.</param>
    /// <param name="client">Sends the request with the certificate of who asks; null: as this connection does.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ParticipantRefusedException">The site gives none.</exception>
    /// <exception cref="HttpRequestException">No silo answers.</exception>
    public Task<TokenReply> RequestToken(TokenRequest request, HttpClient? client, CancellationToken cancellation) =>
        _directory.RequestToken(request, client, cancellation);

    /// <summary>Connects; tries for ever.</summary>
    /// <param name="site">The HTTP addresses of the site's silos, as many as are known.</param>
    /// <param name="credentials">The certificate that is shown; null for a site in clear.</param>
    /// <param name="faults">What is wrong with the network, under test.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Told once when the site is not there, where nobody observes.</param>
    /// <param name="observer">Sees how the connection fares; null for nobody.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ParticipantRefusedException">The site is of another release, or refuses.</exception>
    public static async Task<SiteConnection> Open(
        IReadOnlyList<Uri> site, DeviceCredentials? credentials, ProcessFaults faults, TimeProvider time, ILogger logger, IConnectionObserver? observer,
        CancellationToken cancellation)
    {
        var directory = new SiteDirectory(site, time, faults.Cut, credentials?.CreateHandler());
        Task<SiteDescription> AskUntilAnswered(CancellationToken token) => SiteConnection.AskUntilAnswered(directory, time, logger, observer, token);

        var (description, roundTrip) = await Meet(directory, AskUntilAnswered, time, cancellation);
        SiteConnection? connection = null;
        var refusals = new SiteRefusals(logger, () => Volatile.Read(ref connection)?.Refused?.Invoke());

        // An empty builder: the default one watches files, of which a process has few.
        var host = new HostBuilder()
            .ConfigureLogging(logging => logging.ClearProviders())
            .UseOrleansClient(client =>
            {
                client.Configure<ClusterOptions>(options =>
                {
                    options.ClusterId = description.ClusterId;
                    options.ServiceId = description.ServiceId;
                });
                client.Configure<ClientMessagingOptions>(options =>
                {
                    options.MaxMessageBodySize = MessageLimits.MaximumBodySize;
                    options.ResponseTimeout = CallTimeout;
                });
                client.Configure<GatewayOptions>(options => options.GatewayListRefreshPeriod = TimeSpan.FromSeconds(2));
                client.Services.AddSingleton<IGatewayListProvider>(new SiteGateways(directory, description, refusals));
                client.UseConnectionRetryFilter(async (_, token) =>
                {
                    await Task.Delay(RetryDelay, time, token);
                    if (refusals.Take())
                    {
                        // A silo has refused: the site itself says whether that is for good.
                        await AskUntilAnswered(token);
                    }

                    return true;
                });
                client.AddGatewayCountChangedHandler((_, change) =>
                {
                    // Orleans does not say which calls went through the gateway that is gone: all are asked again.
                    if (change.NumberOfConnectedGateways < change.PreviousNumberOfConnectedGateways)
                    {
                        Volatile.Read(ref connection)?.Break();
                    }
                });
                client.AddActivityPropagation();
                client.AddNetworkFaults(faults, credentials is null ? null : new TlsClient(() => credentials.Current, credentials.Site.Value, refusals.Add, time), observer);
            })
            .Build();
        connection = new SiteConnection(host, directory, description, roundTrip, time);
        await connection.Start(cancellation);
        return connection;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
        _directory.Dispose();
        _lost.Dispose();
    }

    private async Task Start(CancellationToken cancellation)
    {
        try
        {
            await _host.StartAsync(cancellation);
        }
        catch
        {
            _host.Dispose();
            _directory.Dispose();
            throw;
        }
    }

    /// <summary>Also said by the site to an agent that registers; here before a message is sent that the other might not understand.</summary>
    private static void RequireSameContract(SiteDescription site)
    {
        if (site.ContractVersion != SiteDescription.CurrentContractVersion)
        {
            throw new ParticipantRefusedException($"the site '{site.Name}' speaks version {site.ContractVersion} of the contract and this agent speaks " +
                $"version {SiteDescription.CurrentContractVersion}: install the same release on both.");
        }
    }

    /// <summary>Waits for the site, and sees how long it takes to answer. What is not a site of this release leaves nothing behind.</summary>
    private static async Task<(SiteDescription Site, TimeSpan RoundTrip)> Meet(
        SiteDirectory directory, Func<CancellationToken, Task<SiteDescription>> ask, TimeProvider time, CancellationToken cancellation)
    {
        try
        {
            var description = await ask(cancellation);
            RequireSameContract(description);
            var asked = time.GetTimestamp();
            await ask(cancellation);
            return (description, time.GetElapsedTime(asked));
        }
        catch
        {
            directory.Dispose();
            throw;
        }
    }

    private static async Task<SiteDescription> AskUntilAnswered(
        SiteDirectory directory, TimeProvider time, ILogger logger, IConnectionObserver? observer, CancellationToken cancellation)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return await directory.Ask(cancellation);
            }
            catch (HttpRequestException exception)
            {
                if (observer is not null)
                {
                    observer.Waiting(exception.Message);
                }
                else if (attempt == 0)
                {
                    ConnectionLog.Waiting(logger, string.Join(", ", directory.Addresses), exception.Message);
                }

                await Task.Delay(RetryDelay, time, cancellation);
            }
        }
    }

    private void Break()
    {
        var broken = Interlocked.Exchange(ref _lost, new CancellationTokenSource());
        broken.Cancel();
    }
}

/// <summary>What is logged of connections.</summary>
internal static partial class ConnectionLog
{
    [LoggerMessage(LogLevel.Information, "Waiting for the site at {Site}: {Reason}")]
    public static partial void Waiting(ILogger logger, string site, string reason);
}
