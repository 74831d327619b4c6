using Microsoft.Extensions.Logging;
using OrleansEdge.Contracts.Faults;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Participants;
using OrleansEdge.Contracts.Security.Enrolment;
using OrleansEdge.Contracts.Sites;
using OrleansEdge.EdgeAgent.Data;
using OrleansEdge.EdgeAgent.Data.Splits;
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
internal sealed class AgentHost(ITrainerFactory factory, int concurrency, ProcessFaults faults, TimeProvider time, ILoggerFactory logging) : IDisposable
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
    public Task<SiteConnection> Connect(IReadOnlyList<Uri> site, DeviceCredentials? credentials, CancellationToken cancellation) =>
        SiteConnection.Open(site, credentials, faults, time, _logger, outermost: null, cancellation);

    /// <summary>Where devices enrol at a site.</summary>
    public SiteEnrolment Enrolment(Func<IReadOnlyList<Uri>> site) => new(site, time, _logger);

    /// <summary>Opens a device's certificate; without one, enrols with the invitation. See <see cref="DeviceAdmission.Admit"/>.</summary>
    /// <returns>The id under which the device takes part.</returns>
    public Task<ParticipantId> Admit(
        IReadOnlyList<Uri> site, ParticipantId participant, InvitationCode? invitation, ParticipantFolder folder, CancellationToken cancellation) =>
        DeviceAdmission.Admit(Enrolment(() => site), site, participant, invitation, folder, time, cancellation);

    /// <summary>Opens data. Every fault shows here, before anything is said to a site.</summary>
    public static async Task<DataCatalogue> OpenData(
        IReadOnlyList<DataOffer> offers, DataAssignment? assignment, DataSourceFactory sources, CancellationToken cancellation) =>
        await DataCatalogue.Open(offers, assignment, sources, cancellation);

    /// <summary>Takes part until cancelled.</summary>
    /// <param name="participant">Who.</param>
    /// <param name="folder">Its own folder.</param>
    /// <param name="data">Its data.</param>
    /// <param name="connection">The connection, which several participants may share.</param>
    /// <param name="versions">The versions read over that connection, shared likewise.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="ParticipantRefusedException">The site refuses this participant.</exception>
    public async Task Participate(
        ParticipantId participant, ParticipantFolder folder, DataCatalogue data, SiteConnection connection, VersionReader versions,
        CancellationToken cancellation)
    {
        var outbox = new Outbox(folder.Outbox, _logger);
        using var torchScripts = new TorchScriptCache(versions.ReadContent, folder.Cache);
        var renewal = folder.Identity is { } identity ? new CertificateRenewal(identity, Enrolment(() => connection.Addresses), time, _logger) : null;
        var session = new ParticipantSession(participant, folder.InstanceKey, folder.Identity, renewal, connection, time);
        await session.Run(
            retry => new ParticipantLoop(
                participant, new DeviceState(Register(folder, data, connection), outbox), connection, retry,
                new InstructionRunner(participant, connection, retry, versions, torchScripts, _trainers, data, outbox, faults.Switch), time, _logger),
            cancellation);
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
