using Microsoft.AspNetCore.Connections;
using OrleansEdge.Contracts.Faults;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Grains.Jobs;
using OrleansEdge.Grains.Models;
using OrleansEdge.Grains.Sites;
using OrleansEdge.Grains.Storage.Content;
using OrleansEdge.Participation;
using OrleansEdge.Participation.Connection;
using OrleansEdge.Participation.Security;
using OrleansEdge.Participation.Updates;
using OrleansEdge.Silo.Hosting;
using OrleansEdge.Silo.Hosting.Security;

namespace OrleansEdge.Silo.Uplink;

/// <summary>
/// The site as a participant of its parent: connects, takes part, and begins anew whatever happens. The site itself serves its devices all the
/// same, with or without its parent.
/// </summary>
internal sealed partial class SiteUplink(
    SiteOptions options, ParentLink link, IGrainFactory grains, JobRecords records, ContentStore content, ManifestStore manifests, TimeProvider time,
    FaultSwitch faultSwitch, IEnumerable<ParentSite> enrolled, ILogger<SiteUplink> logger) : IUplink, IConnectionObserver
{
    private static readonly TimeSpan RefusalPause = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan FailurePause = TimeSpan.FromSeconds(2);

    private readonly ParentSite? _enrolled = enrolled.FirstOrDefault();
    private readonly ProcessFaults _faults = ProcessFaults.OfUplink(time);
    private string? _told;

    /// <inheritdoc/>
    public UplinkStatus Status => link.Status;

    /// <inheritdoc/>
    public async Task Run(string instanceKey, CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            TimeSpan pause;
            try
            {
                await TakePart(instanceKey, cancellation);
                return;
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
            catch (ParticipantRefusedException exception)
            {
                Tell(Rephrase(exception.Message));
                pause = RefusalPause;
            }
            catch (Exception exception)
            {
                Tell(exception.Message);
                pause = FailurePause;
            }

            await Task.Delay(pause, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <inheritdoc/>
    public void Observe(IConnectionBuilder connection) => connection.Use(next => context => link.Meter.Run(context, next));

    /// <inheritdoc/>
    public void Waiting(string reason) => Tell(reason);

    private async Task TakePart(string instanceKey, CancellationToken cancellation)
    {
        var site = ParticipantId.Parse(options.Name.Value);
        var identity = _enrolled?.Credentials;
        await using var connection = await SiteConnection.Open(options.Parents, identity, _faults, time, logger, observer: this, cancellation);
        link.Use(connection);
        if (link.ClockTrouble is { } clocks)
        {
            LogClocks(clocks);
        }

        var state = new SiteState(options.Name, instanceKey, connection, link, grains, records, logger);
        var session = new ParticipantSession(site, instanceKey, identity, renewal: null, connection, time);
        try
        {
            connection.Refused += Refused;
            await session.Run(
                (retry, ended) => new ParticipantLoop(site, state, connection, retry, Runner(site, connection, retry, ended), time, logger), cancellation);
        }
        finally
        {
            link.Set("the connection to the parent has ended.");
        }
    }

    private void Refused() => _enrolled?.Renewal.Refused();

    private SiteInstructionRunner Runner(ParticipantId site, SiteConnection connection, RetryPolicy retry, CancellationToken stopping)
    {
        var inbound = new ParentContent(new VersionReader(connection, retry), content, new ModelTrust(_enrolled?.Credentials));
        return new(
            site, new ConnectedParent(site, connection, retry, inbound), content, manifests, job => grains.GetGrain<IAssignedJob>(job.Value),
            faultSwitch, _faults, time, logger, stopping);
    }

    /// <summary>Parents speak to devices; what they say of a folder or of --device means something else here.</summary>
    private string Rephrase(string sentence) => sentence.Contains("belongs to another installation", StringComparison.Ordinal)
        ? $"the parent has another site named '{options.Name}': give each site a --name of its own, or start this one with the store that it first used."
        : sentence;

    private void Tell(string trouble)
    {
        link.Set(trouble);
        if (Interlocked.Exchange(ref _told, trouble) != trouble)
        {
            LogTrouble(string.Join(", ", options.Parents), trouble);
        }
    }

    [LoggerMessage(LogLevel.Warning, "This site does not take part at its parent {Parent}, and tries again for as long as it takes: {Reason}")]
    private partial void LogTrouble(string parent, string reason);

    [LoggerMessage(LogLevel.Warning, "This site and its parent do not agree about the time: {Trouble}")]
    private partial void LogClocks(string trouble);
}
