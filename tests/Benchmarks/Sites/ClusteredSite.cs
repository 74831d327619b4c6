using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using OrleansEdge.Benchmarks.Processes;
using OrleansEdge.Contracts.Faults;
using OrleansEdge.Contracts.Faults.Network;
using OrleansEdge.Contracts.Identity;
using OrleansEdge.LocalCluster.Faults;
using OrleansEdge.LocalCluster.Processes;
using OrleansEdge.LocalCluster.Sites;
using OrleansEdge.LocalCluster.Storage;

namespace OrleansEdge.Benchmarks.Sites;

/// <summary>
/// One silo on a folder, or one and more on Redis and Azurite. They are armed: what is planned for a silo happens to it, and it is started again
/// when the measurement says so.
/// </summary>
internal sealed class ClusteredSite : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly WorkFolder _work;
    private readonly FaultPlan _plan;
    private readonly List<ClusteredSilo> _silos = [];
    private readonly HttpClient _http = new(new OperatorCredentialHandler(new SocketsHttpHandler())) { Timeout = TimeSpan.FromSeconds(5) };
    private readonly LocalCluster.Runs.WorkFolder _services;
    private readonly ProcessGroup _processes;

    private ClusteredSite(WorkFolder work, FaultPlan plan)
    {
        _work = work;
        _plan = plan;
        Directory.CreateDirectory(work.At("faults"));
        _services = LocalCluster.Runs.WorkFolder.Open(work.At("services"), keep: true);
        _processes = new(_services.LogOf, TimeProvider.System);
    }

    /// <summary>The silos' HTTP addresses.</summary>
    public IReadOnlyList<Uri> Addresses => [.. _silos.Select(silo => silo.Address)];

    private FaultClaims Claims => new(_work.At("faults"));

    /// <summary>Starts the silos and waits until all are ready.</summary>
    /// <param name="work">Where all of it writes.</param>
    /// <param name="silos">How many.</param>
    /// <param name="shared">Whether they have Redis and Azurite; several must.</param>
    /// <param name="plan">What is to happen to them.</param>
    public static async Task<ClusteredSite> Start(WorkFolder work, int silos, bool shared, FaultPlan plan)
    {
        var site = new ClusteredSite(work, plan);
        try
        {
            var (arguments, environment) = await site.StartServices(shared);
            environment[ProcessFaults.DevelopmentVariable] = "1";
            environment[ProcessFaults.PlanVariable] = plan.ToString();
            environment[ProcessFaults.FolderVariable] = work.At("faults");
            site._silos.AddRange(SiloPorts.Choose(silos, attempt: 1, "http").Select((ports, index) =>
                new ClusteredSilo(ports, [.. arguments], environment, work.At(string.Create(CultureInfo.InvariantCulture, $"silo{index + 1}")))));
            await Task.WhenAll(site._silos.Select(site.WaitUntilReady));
            return site;
        }
        catch
        {
            await site.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits for a planned death.</summary>
    /// <returns>Who has died, and when.</returns>
    public async Task<(ClusteredSilo Silo, DateTimeOffset At)> WaitForDeath(PlannedFault fault)
    {
        using var limit = new CancellationTokenSource(Patience);
        int? victim;
        while ((victim = Claims.ClaimantOf(fault)) is null)
        {
            await Task.Delay(Pause, limit.Token);
        }

        var silo = _silos.Single(silo => silo.ProcessId == victim);
        await silo.Ended;
        var claim = Directory.EnumerateFiles(_work.At("faults")).Max(File.GetLastWriteTimeUtc);
        return (silo, new DateTimeOffset(claim));
    }

    /// <summary>Waits until a silo is ready.</summary>
    public async Task WaitUntilReady(ClusteredSilo silo)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (!await IsReady(silo.Address))
        {
            await Task.Delay(Pause, limit.Token);
        }
    }

    /// <summary>Submits a job.</summary>
    public async Task Submit(string jobFile)
    {
        // A silo that has just started on a busy machine takes its time.
        using var http = new HttpClient(new OperatorCredentialHandler(new SocketsHttpHandler())) { Timeout = Patience };
        using var content = new StringContent(jobFile, Encoding.UTF8, "text/yaml");
        using var response = await http.PostAsync(new Uri(_silos[0].Address, "/api/jobs"), content);
        if (!response.IsSuccessStatusCode)
        {
            throw new BenchmarkException(await response.Content.ReadAsStringAsync());
        }
    }

    /// <summary>How a job stands, from whichever silo answers.</summary>
    public async Task<JobView?> Find(string job)
    {
        foreach (var silo in _silos)
        {
            try
            {
                return await _http.GetFromJsonAsync<JobView>(new Uri(silo.Address, $"/api/jobs/{job}"));
            }
            catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
            {
                // The next one, then.
            }
        }

        return null;
    }

    /// <summary>The records of all rounds.</summary>
    public async Task<IReadOnlyList<RoundView>> Rounds(string job)
    {
        var rounds = new List<RoundView>();
        while (await _http.GetFromJsonAsync<List<RoundView>>(new Uri(_silos[0].Address, $"/api/jobs/{job}/rounds?from={rounds.Count + 1}"))
            is { Count: > 0 } more)
        {
            rounds.AddRange(more);
        }

        return rounds;
    }

    /// <summary>The process ids of the silos.</summary>
    public IEnumerable<int> ProcessIds => _silos.Select(silo => silo.ProcessId);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        _silos.ForEach(silo => silo.Dispose());
        await _processes.DisposeAsync();
        _services.Dispose();
    }

    private async Task<(IReadOnlyList<string> Arguments, Dictionary<string, string> Environment)> StartServices(bool shared)
    {
        if (!shared)
        {
            return (["--store", _work.At("store")], []);
        }

        var faults = new FaultRecord(FaultPlan.None, NetworkFaults.None, _services.Faults, () => TimeSpan.Zero);
        SiteService[] services =
        [
            await AzuriteService.Start(_processes, _services, faults, TimeProvider.System, CancellationToken.None),
            await RedisServer.Start(_processes, _services, faults, TimeProvider.System, CancellationToken.None),
        ];
        return ([.. services.SelectMany(service => service.SiloArguments)], services.SelectMany(service => service.SiloEnvironment).ToDictionary());
    }

    private async Task<bool> IsReady(Uri silo)
    {
        try
        {
            using var answer = await _http.GetAsync(new Uri(silo, "/health/ready"));
            return answer.IsSuccessStatusCode;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }
}
