using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using OrleansEdge.Contracts.Faults;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.LocalCluster.Faults;
using OrleansEdge.LocalCluster.Hierarchy;
using OrleansEdge.LocalCluster.Processes;
using OrleansEdge.LocalCluster.Runs;
using OrleansEdge.LocalCluster.Storage;

namespace OrleansEdge.LocalCluster.Sites;

/// <summary>A site on this machine, as processes: what its silos need of others, its silos, and its devices.</summary>
internal sealed class LocalSite : IFaultStage, IAsyncDisposable
{
    private const int PortAttempts = 3;
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private readonly ClusterOptions options;
    private readonly WorkFolder work;
    private readonly ProgramFiles programs;
    private readonly TimeProvider time;
    private readonly FaultRecord faults;
    private readonly FaultDirector director;
    private readonly List<SiteRelay> relays = [];
    private readonly AgentPlan agentPlan;
    private readonly ProcessGroup serviceProcesses;
    private readonly ProcessGroup siloProcesses;
    private readonly ProcessGroup agentProcesses;

    private SiteClient? client;

    /// <summary>Prepares a site; nothing runs yet.</summary>
    /// <param name="place">The site.</param>
    /// <param name="options">What to run.</param>
    /// <param name="work">The site's folder.</param>
    /// <param name="programs">The programs.</param>
    /// <param name="data">The name of the data that devices offer.</param>
    /// <param name="elapsed">The time since the run began.</param>
    /// <param name="time">The clock.</param>
    public LocalSite(
        SitePlace place, ClusterOptions options, WorkFolder work, ProgramFiles programs, DataName data, Func<TimeSpan> elapsed, TimeProvider time)
    {
        Place = place;
        this.options = options;
        this.work = work;
        this.programs = programs;
        this.time = time;
        faults = new(place.Faults, options.Network, work.Faults, elapsed, place.Parent is null ? "" : place.Prefix);
        agentPlan = new(place, options, work, programs, faults, data);
        serviceProcesses = new(work.LogOf, time);
        siloProcesses = new(work.LogOf, time);
        agentProcesses = new(work.LogOf, time);
        director = new(faults, this, time);
    }

    /// <summary>Which site it is.</summary>
    public SitePlace Place { get; }

    /// <summary>Talks to the site, once its silos are started.</summary>
    public SiteClient Client => client ?? throw new InvalidOperationException("The site's silos are not started.");

    /// <summary>What the silos need of others.</summary>
    public IReadOnlyList<SiteService> Services { get; private set; } = [];

    /// <summary>The silos.</summary>
    public IReadOnlyList<LocalSilo> Silos { get; private set; } = [];

    /// <summary>Where the silos listen now.</summary>
    public IReadOnlyList<Uri> Addresses => [.. Silos.Select(silo => silo.Ports.Address)];

    /// <summary>The devices.</summary>
    public IReadOnlyList<ManagedProcess> Agents => agentProcesses.Members;

    /// <summary>What was done to the site so far.</summary>
    public ImmutableList<Fault> Faults => faults.Faults;

    /// <summary>How often a process was started again.</summary>
    public int Restarts => All.Sum(process => process.Restarts);

    private IEnumerable<ManagedProcess> All => [.. serviceProcesses.Members, .. siloProcesses.Members, .. agentProcesses.Members];

    /// <summary>Fails as soon as a process ends by itself.</summary>
    public Task Completion =>
        Task.WhenAny([.. serviceProcesses.Completions, .. siloProcesses.Completions, .. agentProcesses.Completions]).Unwrap();

    /// <summary>Starts what the silos need, then the silos, and waits until all of them are ready.</summary>
    /// <param name="parent">The site above, which is ready; null for the root.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="ClusterException">A process ends, or does not get ready in time.</exception>
    public async Task StartSilos(LocalSite? parent, CancellationToken cancellation)
    {
        Services = await StartServices(cancellation);
        var security = options.IsInsecure ? null
            : parent is null ? LocalSecurity.Create(work, Place.Name, time)
            : await LocalSecurity.Enrol(work, Place.Name, parent, time, cancellation);
        var plan = new SiloPlan(Place, options, work, programs, faults, ServicesOf, security) { Parents = parent?.Addresses ?? [] };
        for (var attempt = 1; ; attempt++)
        {
            Silos = [.. plan.ChoosePorts(options.Silos, attempt).Select((ports, index) => LocalSilo.Start(siloProcesses, plan, NameOf(index), ports))];
            client = new SiteClient(() => Addresses, security?.CreateHandler(), time);
            try
            {
                await WaitUntilReady(cancellation);
                return;
            }
            catch (ClusterException exception)
                when (attempt < PortAttempts && exception.Message.Contains("in use", StringComparison.OrdinalIgnoreCase))
            {
                client.Dispose();
                await siloProcesses.DisposeAsync();
            }
        }
    }

    /// <summary>Tells each silo to end, one after the other, and waits each time until all silos are ready again.</summary>
    /// <param name="round">The root's round at the moment, for the record.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="ClusterException">A silo does not end, or does not get ready again.</exception>
    public async Task RestartSilos(Func<int> round, CancellationToken cancellation)
    {
        foreach (var process in Silos.Select(silo => silo.Process))
        {
            var restart = faults.AddRestart(process.Name, process.Id, round());
            faults.AddDrain(restart, await SiloDrain.Run(process, time, cancellation));
            await WaitUntilReady(cancellation);
        }
    }

    /// <summary>Starts the devices; each knows all silos, and at a secured site has a place of one invitation for all of them.</summary>
    public async Task StartAgents(CancellationToken cancellation)
    {
        if (Place.Devices > 0)
        {
            var invitation = options.IsInsecure ? null : await Client.Invite(Place.Devices, cancellation);
            agentPlan.Start(agentProcesses, Addresses, invitation);
        }
    }

    /// <summary>Ends all processes: silos and devices at the same time, then what the silos needed to end well.</summary>
    public async ValueTask DisposeAsync()
    {
        client?.Dispose();
        await director.DisposeAsync();
        await Task.WhenAll(siloProcesses.DisposeAsync().AsTask(), agentProcesses.DisposeAsync().AsTask());
        await serviceProcesses.DisposeAsync();
        await Task.WhenAll(relays.Select(relay => relay.Relay.DisposeAsync().AsTask()));
    }

    /// <inheritdoc/>
    public ManagedProcess? Find(int process) => All.FirstOrDefault(candidate => candidate.HasBeen(process));

    /// <inheritdoc/>
    public ManagedProcess? ServiceOf(FaultTarget target) =>
        Services.FirstOrDefault(service => service.Name == Place.Prefix + PlannedFault.NameOf(target))?.Process;

    /// <inheritdoc/>
    public IReadOnlyList<TcpRelay> RelaysOf(ManagedProcess process)
    {
        lock (relays)
        {
            return [.. relays.Where(relay => relay.Silo == process.Name || relay.Service == process.Name).Select(relay => relay.Relay)];
        }
    }

    /// <summary>The services as a silo sees them: behind relays of its own, if somebody is to be cut off.</summary>
    private SiteService[] ServicesOf(string silo) => Place.Faults.Faults.All(fault => fault.Action != FaultAction.Isolate)
        ? [.. Services]
        : [.. Services.Select(service => service.Behind($"127.0.0.1:{RelayBetween(silo, service).Port}"))];

    private TcpRelay RelayBetween(string silo, SiteService service)
    {
        lock (relays)
        {
            if (relays.FirstOrDefault(relay => relay.Silo == silo && relay.Service == service.Name) is not { } known)
            {
                known = new(silo, service.Name, TcpRelay.Start(IPEndPoint.Parse(service.Address).Port, time));
                relays.Add(known);
            }

            return known.Relay;
        }
    }

    private string NameOf(int index) => options.Silos == 1 ? $"{Place.Prefix}silo" : string.Create(CultureInfo.InvariantCulture, $"{Place.Prefix}silo{index + 1}");

    private async Task<IReadOnlyList<SiteService>> StartServices(CancellationToken cancellation)
    {
        var services = new List<SiteService>();
        if (options.Storage == StorageKind.Azurite)
        {
            services.Add(await AzuriteService.Start(serviceProcesses, work, faults, time, cancellation, Place.Prefix));
        }

        if (options.Silos > 1)
        {
            services.Add(await RedisServer.Start(serviceProcesses, work, faults, time, cancellation, Place.Prefix));
        }

        return services;
    }

    private async Task WaitUntilReady(CancellationToken cancellation)
    {
        var asked = time.GetTimestamp();
        while (!await Client.AreAllReady(cancellation))
        {
            if (siloProcesses.Completions.FirstOrDefault(completion => completion.IsCompleted) is { } ended)
            {
                await ended;
            }

            if (time.GetElapsedTime(asked) > StartPatience)
            {
                throw new ClusterException($"The site {Place.Name} is not ready after {StartPatience.TotalSeconds:0} seconds: " +
                    $"its log is {string.Join(", ", Silos.Select(silo => silo.Process.Log.Path))}.");
            }

            await Task.Delay(Pause, time, cancellation);
        }
    }

    private sealed record SiteRelay(string Silo, string Service, TcpRelay Relay);
}
