using System.Collections.Immutable;
using System.Globalization;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.LocalCluster.Faults;
using OrleansEdge.LocalCluster.Processes;
using OrleansEdge.LocalCluster.Runs;

namespace OrleansEdge.LocalCluster.Sites;

/// <summary>One silo process and its agent processes.</summary>
internal sealed class LocalSite(ClusterOptions options, WorkFolder work, ProgramFiles programs, DataName data, bool asksAll, TimeProvider time)
    : IAsyncDisposable
{
    private const string SiteName = "local";
    private const int PortAttempts = 3;
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private readonly long began = time.GetTimestamp();
    private readonly List<ManagedProcess> processes = [];
    private ImmutableList<Fault> faults = [];

    /// <summary>Where the site is; known once the silo runs.</summary>
    public Uri? Address { get; private set; }

    /// <summary>The silo's port, its gateway's port.</summary>
    public (int Silo, int Gateway) Ports { get; private set; }

    /// <summary>What was killed so far.</summary>
    public ImmutableList<Fault> Faults => Volatile.Read(ref faults);

    /// <summary>The running processes.</summary>
    public IReadOnlyList<ManagedProcess> Processes => processes;

    /// <summary>Since the run began.</summary>
    public TimeSpan Elapsed => time.GetElapsedTime(began);

    /// <summary>Fails as soon as a process ends by itself.</summary>
    public Task Completion => Task.WhenAny(processes.Select(process => process.Completion)).Unwrap();

    /// <summary>Starts the silo and waits until it is ready.</summary>
    /// <exception cref="ClusterException">It ends, or does not get ready in time.</exception>
    public async Task<SiteClient> StartSilo(CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            var ports = FreePorts.Choose(3, start: (Environment.ProcessId * 7) + (attempt * 1000));
            Address = new Uri($"http://127.0.0.1:{ports[0]}");
            Ports = (ports[1], ports[2]);
            var silo = Start(new("silo", KillTarget.Silo, programs.Host, programs.Silo, SiloArguments(Address, Ports), work.Temporary),
                options.Kills.Of(KillTarget.Silo));
            var client = new SiteClient(Address, time);
            try
            {
                await WaitUntilReady(silo, client, cancellation);
                return client;
            }
            catch (ClusterException exception)
                when (attempt < PortAttempts && exception.Message.Contains("in use", StringComparison.OrdinalIgnoreCase))
            {
                client.Dispose();
                processes.Remove(silo);
                await silo.DisposeAsync();
            }
            catch
            {
                client.Dispose();
                throw;
            }
        }
    }

    /// <summary>Starts the agents. The kills of agents are for the first one; where a round does not ask all of them, for each.</summary>
    public void StartAgents()
    {
        var kills = options.Kills.Of(KillTarget.Agent);
        var armsAll = !asksAll || kills.Any(kill => kill.Round == 0);
        for (var number = 1; number <= options.Devices; number++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"dev{number}");
            var start = new ProcessStart(name, KillTarget.Agent, programs.Host, programs.EdgeAgent, AgentArguments(name, number), work.Temporary);
            Start(start, number == 1 || armsAll ? kills : []);
        }
    }

    /// <summary>Ends all processes, at the same time.</summary>
    public async ValueTask DisposeAsync() => await Task.WhenAll(processes.Select(process => process.DisposeAsync().AsTask()));

    private ManagedProcess Start(ProcessStart start, IEnumerable<PlannedKill> kills)
    {
        var process = ManagedProcess.Start(start, work.LogOf(start.Name), kills, (kill, pid) => Record(start, kill, pid), time);
        processes.Add(process);
        return process;
    }

    private void Record(ProcessStart start, PlannedKill kill, int pid)
    {
        var fault = new Fault(start.Target == KillTarget.Silo ? "silo" : "agent", start.Name, pid, kill.Round, kill.Point,
            Math.Round(Elapsed.TotalSeconds, 3));
        ImmutableInterlocked.Update(ref faults, list => list.Add(fault));
    }

    private async Task WaitUntilReady(ManagedProcess silo, SiteClient client, CancellationToken cancellation)
    {
        var asked = time.GetTimestamp();
        while (!await client.IsReady(cancellation))
        {
            if (silo.Completion.IsCompleted)
            {
                await silo.Completion;
            }

            if (time.GetElapsedTime(asked) > StartPatience)
            {
                throw new ClusterException($"The site is not ready after {StartPatience.TotalSeconds:0} seconds: its log is {silo.Log.Path}.");
            }

            await Task.Delay(Pause, time, cancellation);
        }
    }

    private string[] SiloArguments(Uri address, (int Silo, int Gateway) ports) =>
    [
        "serve",
        "--name", SiteName,
        "--urls", address.GetLeftPart(UriPartial.Authority),
        "--silo-port", ports.Silo.ToString(CultureInfo.InvariantCulture),
        "--gateway-port", ports.Gateway.ToString(CultureInfo.InvariantCulture),
        "--store", work.Store,
    ];

    private string[] AgentArguments(string name, int number) =>
    [
        "join",
        "--site", Address!.GetLeftPart(UriPartial.Authority),
        "--device", name,
        "--data", $"{data}={options.Data}",
        "--split", options.Split,
        "--part", string.Create(CultureInfo.InvariantCulture, $"{number}/{options.Devices}"),
        "--split-seed", options.Seed.ToString(CultureInfo.InvariantCulture),
        "--folder", work.FolderOf(name),
    ];
}
