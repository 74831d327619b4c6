using Microsoft.Extensions.Logging;
using OrleansEdge.Contracts.Faults;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Participants;
using OrleansEdge.Contracts.Security.Enrolment;
using OrleansEdge.Contracts.Sites;
using OrleansEdge.EdgeAgent.Data;
using OrleansEdge.EdgeAgent.Data.Splits;
using OrleansEdge.EdgeAgent.Participation.Roaming;
using OrleansEdge.EdgeAgent.Training;
using OrleansEdge.Participation;
using OrleansEdge.Participation.Connection;
using OrleansEdge.Participation.Identity;
using OrleansEdge.Participation.Security;
using OrleansEdge.Participation.Updates;

namespace OrleansEdge.EdgeAgent.Participation;

/// <summary>What all participants of a process share: the trainers, the clock, the log.</summary>
/// <param name="factory">Makes networks.</param>
/// <param name="concurrency">How many participants may train at once.</param>
/// <param name="faults">What is to go wrong, under test.</param>
/// <param name="time">The clock.</param>
/// <param name="logging">The log.</param>
internal sealed partial class AgentHost(ITrainerFactory factory, int concurrency, ProcessFaults faults, TimeProvider time, ILoggerFactory logging) : IDisposable
{
    private readonly TrainerPool _trainers = new(factory, concurrency);
    private readonly Lazy<double> _speed = new(() => DeviceSpeed.Measure(factory, time));
    private readonly ILogger _logger = logging.CreateLogger("OrleansEdge.EdgeAgent");

    /// <summary>The clock.</summary>
    public TimeProvider Time => time;

    /// <summary>Connects to a site; tries for ever.</summary>
    /// <param name="site">The addresses of its silos.</param>
    /// <param name="credentials">Whose certificate the connection shows; null for a site in clear.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<SiteConnection> Connect(IReadOnlyList<Uri> site, DeviceCredentials? credentials, CancellationToken cancellation)
    {
        var connection = await SiteConnection.Open(site, credentials, faults, time, _logger, observer: null, cancellation);
        if (connection.ClockTrouble("the site") is { } trouble)
        {
            LogClocks(_logger, trouble);
        }

        return connection;
    }

    /// <summary>Where devices enrol at a site.</summary>
    public SiteEnrolment Enrolment(Func<IReadOnlyList<Uri>> site) => new(site, time, _logger);

    /// <summary>Opens a device's certificate; without one, enrols with the invitation. See <see cref="DeviceAdmission.Admit"/>.</summary>
    /// <returns>The id under which the device takes part.</returns>
    public Task<ParticipantId> Admit(
        IReadOnlyList<Uri> site, ParticipantId participant, InvitationCode? invitation, ParticipantFolder folder, CancellationToken cancellation) =>
        DeviceAdmission.Admit(Enrolment(() => site), site, participant, invitation, folder, time, cancellation);

    /// <summary>Makes a device ready for one of the sites that it knows.</summary>
    /// <inheritdoc cref="DeviceAdmission.Admit"/>
    public async Task<ParticipantId> Admit(KnownSite site, ParticipantId participant, ParticipantFolder folder, CancellationToken cancellation)
    {
        folder.Identity = await FindCredentials(site, participant, isPatient: true, cancellation);
        return folder.Identity?.Identity.LocalName ?? participant;
    }

    /// <inheritdoc cref="DeviceAdmission.FindCredentials"/>
    public Task<DeviceCredentials?> FindCredentials(KnownSite site, ParticipantId participant, bool isPatient, CancellationToken cancellation) =>
        DeviceAdmission.FindCredentials(
            new(() => site.Addresses, time, _logger) { IsPatient = isPatient }, site.Addresses, participant, site.Invitation, site.Folder, time, cancellation);

    /// <summary>Asks a site, once, whether it is there and has a place.</summary>
    /// <exception cref="ParticipantRefusedException">It refuses.</exception>
    /// <exception cref="HttpRequestException">It is not, or has none.</exception>
    public async Task Ask(KnownSite site, ParticipantId participant, CancellationToken cancellation)
    {
        var credentials = await FindCredentials(site, participant, isPatient: false, cancellation);
        using var directory = new SiteDirectory(site.Addresses, time, faults.Cut, credentials?.CreateHandler());
        if ((await directory.Ask(cancellation)).IsFull)
        {
            throw new HttpRequestException($"{site} is full.");
        }
    }

    /// <summary>Takes part, now at one site, now at another, until cancelled.</summary>
    /// <param name="sites">The sites, the preferred ones first.</param>
    /// <param name="patience">How long a site may be away before the device moves.</param>
    /// <param name="participant">The device.</param>
    /// <param name="folder">Its own folder.</param>
    /// <param name="data">Its data.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="ParticipantRefusedException">The first site refuses this device.</exception>
    public Task TakePart(
        IReadOnlyList<KnownSite> sites, TimeSpan patience, ParticipantId participant, ParticipantFolder folder, DataCatalogue data, CancellationToken cancellation)
    {
        var visits = new SiteVisits(this, participant, folder, data, sites[0], _logger, cancellation);
        return sites.Count == 1 ? visits.TakePart(sites[0], null, cancellation) : new SiteRoaming(sites, visits, patience, time, _logger).Run(cancellation);
    }

    /// <summary>Opens data. Every fault shows here, before anything is said to a site.</summary>
    public static async Task<DataCatalogue> OpenData(
        IReadOnlyList<DataOffer> offers, DataAssignment? assignment, DataSourceFactory sources, CancellationToken cancellation) =>
        await DataCatalogue.Open(offers, assignment, sources, cancellation);

    /// <summary>Takes part until cancelled at the only site that a participant knows.</summary>
    /// <inheritdoc cref="Participate(ParticipantId, ParticipantFolder, DataCatalogue, SiteConnection, VersionReader, bool, SiteStay?, CancellationToken)"/>
    public Task Participate(
        ParticipantId participant, ParticipantFolder folder, DataCatalogue data, SiteConnection connection, VersionReader versions, CancellationToken cancellation) =>
        Participate(participant, folder, data, connection, versions, isFirst: true, stay: null, cancellation);

    /// <summary>Takes part until cancelled.</summary>
    /// <param name="participant">Who.</param>
    /// <param name="folder">Its own folder.</param>
    /// <param name="data">Its data.</param>
    /// <param name="connection">The connection, which several participants may share.</param>
    /// <param name="versions">The versions read over that connection, shared likewise.</param>
    /// <param name="isFirst">Whether it is the site that the participant prefers, or the only one.</param>
    /// <param name="stay">Told how it goes; null where the participant knows no other site.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="ParticipantRefusedException">The site refuses this participant.</exception>
    public async Task Participate(
        ParticipantId participant, ParticipantFolder folder, DataCatalogue data, SiteConnection connection, VersionReader versions, bool isFirst, SiteStay? stay,
        CancellationToken cancellation)
    {
        var outbox = new Outbox(folder.Outbox, _logger);
        outbox.KeepOnly(connection.Site.Name, isFirst);
        var offers = new OfferedUpdates(folder.Path);
        using var torchScripts = new TorchScriptCache(versions.ReadContent, new(folder.Identity), folder.Cache);
        var renewal = folder.Identity is { } identity ? new CertificateRenewal(identity, Enrolment(() => connection.Addresses), time, _logger) : null;
        var session = new ParticipantSession(participant, folder.InstanceKey, folder.Identity, renewal, connection, time);
        AwaitedRunner? runner = null;
        try
        {
            await session.Run(
                (retry, _) => new ParticipantLoop(
                    participant, new DeviceState(Register(folder, data, connection), outbox, stay), connection, retry,
                    runner = new(new InstructionRunner(
                        participant, connection, retry, versions, torchScripts, _trainers, data, outbox, offers, faults.Switch)), time, _logger),
                cancellation);
        }
        finally
        {
            // What it works with is about to be disposed, and another site's work must not meet this one's.
            await (runner?.Ended() ?? Task.CompletedTask);
        }
    }

    /// <summary>Measures a version.</summary>
    public async Task<Contracts.Training.EvaluationSums> Evaluate(
        Contracts.Models.VersionRecord record, Contracts.Data.TaskDescription task, VersionReader versions, TorchScriptCache torchScripts, IExamples examples,
        CancellationToken cancellation)
    {
        var version = await versions.ReadVersion(record.Manifest, cancellation);
        var file = await torchScripts.Find(record.Source, cancellation);
        using var loan = await _trainers.Borrow(record.Source, file, record.Task, task, cancellation);
        return InstructionRunner.Load(loan.Trainer, version).Evaluate(examples, cancellation);
    }

    /// <summary>Reads versions over a connection.</summary>
    public VersionReader ReadVersions(SiteConnection connection) => new(connection, new RetryPolicy(connection, time, seed: 0));

    /// <inheritdoc/>
    public void Dispose() => _trainers.Dispose();

    [LoggerMessage(LogLevel.Warning, "This device and its site do not agree about the time: {Trouble}")]
    private static partial void LogClocks(ILogger logger, string trouble);

    private Registration Register(ParticipantFolder folder, DataCatalogue data, SiteConnection connection) => new(
        folder.InstanceKey,
        Guid.NewGuid(),
        SiteDescription.CurrentContractVersion,
        new ParticipantProfile(
            Environment.ProcessorCount, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
            System.Runtime.InteropServices.RuntimeInformation.OSDescription, _speed.Value,
            Math.Round(connection.RoundTrip.TotalMilliseconds, 2)),
        [.. data.Names]);
}
