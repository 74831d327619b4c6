using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using OrleansEdge.Benchmarks.Processes;
using OrleansEdge.Benchmarks.Sites;
using OrleansEdge.Contracts.Faults;
using OrleansEdge.Contracts.Faults.Network;
using OrleansEdge.Contracts.Identity;
using OrleansEdge.LocalCluster.Faults;
using OrleansEdge.LocalCluster.Processes;
using OrleansEdge.LocalCluster.Sites;
using OrleansEdge.LocalCluster.Storage;

namespace OrleansEdge.Benchmarks.Recovery;

/// <summary>
/// One silo on a folder, or several on Redis and Azurite. They are armed: the silo that has a round dies of it at the first commit, and is
/// started again when the measurement says so.
/// </summary>
internal sealed class RecoverySite : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly WorkFolder _work;
    private readonly FaultPlan _plan;
    private readonly List<RecoverySilo> _silos = [];
    private readonly HttpClient _http = new(new OperatorCredentialHandler(new SocketsHttpHandler())) { Timeout = TimeSpan.FromSeconds(5) };
    private readonly LocalCluster.Runs.WorkFolder _services;
    private readonly ProcessGroup _processes;

    private RecoverySite(WorkFolder work, FaultPlan plan)
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
    public static async Task<RecoverySite> Start(WorkFolder work, int silos, FaultPlan plan)
    {
        var site = new RecoverySite(work, plan);
        try
        {
            var (arguments, environment) = await site.StartServices(silos);
            environment[ProcessFaults.DevelopmentVariable] = "1";
            environment[ProcessFaults.PlanVariable] = plan.ToString();
            environment[ProcessFaults.FolderVariable] = work.At("faults");
            site._silos.AddRange(SiloPorts.Choose(silos, attempt: 1).Select((ports, index) =>
                new RecoverySilo(ports, [.. arguments], environment, work.At(string.Create(CultureInfo.InvariantCulture, $"silo{index + 1}")))));
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
    public async Task<(RecoverySilo Silo, DateTimeOffset At)> WaitForDeath(PlannedFault fault)
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
    public async Task WaitUntilReady(RecoverySilo silo)
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
        using var content = new StringContent(jobFile, Encoding.UTF8, "text/yaml");
        using var response = await _http.PostAsync(new Uri(_silos[0].Address, "/api/jobs"), content);
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

    /// <summary>When each round was published.</summary>
    public async Task<IReadOnlyDictionary<int, DateTimeOffset>> Published(string job)
    {
        var published = new Dictionary<int, DateTimeOffset>();
        while (await _http.GetFromJsonAsync<List<PublishedView>>(new Uri(_silos[0].Address, $"/api/jobs/{job}/rounds?from={published.Count + 1}"))
            is { Count: > 0 } rounds)
        {
            rounds.ForEach(round => published.Add(round.Round, round.EndedAt));
        }

        return published;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        _silos.ForEach(silo => silo.Dispose());
        await _processes.DisposeAsync();
        _services.Dispose();
    }

    private async Task<(IReadOnlyList<string> Arguments, Dictionary<string, string> Environment)> StartServices(int silos)
    {
        if (silos == 1)
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

    private sealed record PublishedView(int Round, DateTimeOffset EndedAt);
}
