using System.Globalization;
using OrleansEdge.LocalCluster;
using OrleansEdge.LocalCluster.Processes;
using OrleansEdge.LocalCluster.Runs;
using OrleansEdge.LocalCluster.Sites;

namespace OrleansEdge.Soak;

/// <summary>A silo with retention on, and agents that return weights unchanged; each is started again when it is killed.</summary>
internal sealed class SoakSite : IAsyncDisposable
{
    private const string EchoVerb = "echo-agent";
    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// Garbage is collected every 4 MiB (hexadecimal, in bytes) from the start; otherwise the first minute of each life only shows how large
    /// a youngest generation the runtime allows itself on this machine.
    /// </summary>
    private static readonly Dictionary<string, string> EarlyCollector = new() { ["DOTNET_GCgen0size"] = "400000" };

    private readonly SoakOptions _options;
    private readonly WorkFolder _work;
    private readonly TimeProvider _time;
    private readonly ProcessGroup _processes;
    private readonly SiloPorts _ports = SiloPorts.Choose(1, attempt: 1, "http")[0];
    private readonly HashSet<int> _killed = [];

    private SoakSite(SoakOptions options, WorkFolder work, TimeProvider time)
    {
        _options = options;
        _work = work;
        _time = time;
        _processes = new(work.LogOf, time);
        Client = new(() => [_ports.Address], null, time);
    }

    /// <summary>The silo.</summary>
    public ManagedProcess Silo => _processes.Members[0];

    /// <summary>The agents.</summary>
    public IEnumerable<ManagedProcess> Agents => _processes.Members.Skip(1);

    /// <summary>Talks to the site.</summary>
    public SiteClient Client { get; }

    /// <summary>Fails as soon as a process ends that was not killed.</summary>
    public Task Completion => Task.WhenAny(_processes.Completions).Unwrap();

    /// <summary>Starts all processes, and waits until the agents have joined.</summary>
    public static async Task<SoakSite> Start(SoakOptions options, WorkFolder work, TimeProvider time, CancellationToken cancellation)
    {
        var site = new SoakSite(options, work, time);
        try
        {
            site.StartProcesses(ProgramFiles.Locate(AppContext.BaseDirectory));
            await site.WaitUntil(site.Client.AreAllReady, "The site is not ready", cancellation);
            await site.WaitUntil(
                async stop => await site.Client.CountParticipants(stop) >= options.Agents, "Not all agents have joined", cancellation);
            return site;
        }
        catch
        {
            await site.DisposeAsync();
            throw;
        }
    }

    /// <summary>Kills a process with SIGKILL.</summary>
    public void Kill(ManagedProcess process)
    {
        lock (_killed)
        {
            _killed.Add(process.Id);
            process.Kill();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _processes.DisposeAsync();
    }

    private void StartProcesses(ProgramFiles programs)
    {
        var silo = ProcessStart.OfProduct(
            "silo", programs.Host, programs.Silo, ["serve", "--name", "soak", .. _ports.Arguments, "--store", _work.Store], _work.Temporary) with
        {
            Environment = new Dictionary<string, string>(EarlyCollector)
            {
                ["Retention__KeepLast"] = Text(_options.KeepLast),
                ["Retention__Period"] = "00:00:02",
                ["Retention__Grace"] = "00:00:05",
            },
        };
        _processes.Start(silo, AgainIfKilled);
        var echo = ProgramFiles.Find(AppContext.BaseDirectory, "Benchmarks");
        for (var number = 1; number <= _options.Agents; number++)
        {
            _processes.Start(ProcessStart.OfProduct(
                $"agent{number}", programs.Host, echo,
                [
                    EchoVerb, "--site", _ports.Address.GetLeftPart(UriPartial.Authority), "--first", Text(number), "--devices", "1",
                    "--per-connection", "1", "--parameters", Text(_options.Parameters), "--folder", _work.FolderOf("echo"),
                ], _work.Temporary) with
            { Environment = EarlyCollector }, AgainIfKilled);
        }
    }

    private ProcessStart? AgainIfKilled(ProcessStart start, ProcessEnd end)
    {
        lock (_killed)
        {
            return _killed.Remove(end.Id) ? start : null;
        }
    }

    private async Task WaitUntil(Func<CancellationToken, Task<bool>> condition, string sentence, CancellationToken cancellation)
    {
        var began = _time.GetTimestamp();
        while (!await condition(cancellation))
        {
            if (Completion.IsCompleted)
            {
                await Completion;
            }

            if (_time.GetElapsedTime(began) > StartPatience)
            {
                throw new ClusterException($"{sentence} after {StartPatience.TotalSeconds:0} seconds: the logs are beside {Silo.Log.Path}.");
            }

            await Task.Delay(Pause, _time, cancellation);
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
