using System.Globalization;
using OrleansEdge.Benchmarks.Echo;
using OrleansEdge.Benchmarks.Processes;
using OrleansEdge.Contracts.Faults;
using OrleansEdge.Contracts.Faults.Network;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Grains.Jobs;
using OrleansEdge.LocalCluster;
using OrleansEdge.LocalCluster.Hierarchy;
using OrleansEdge.LocalCluster.Processes;
using OrleansEdge.LocalCluster.Sites;

namespace OrleansEdge.Benchmarks.Hierarchy;

/// <summary>The sites of a measurement as processes, in clear, with devices that the measurement chooses.</summary>
internal sealed class MeasuredHierarchy : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private readonly WorkFolder _work;
    private readonly LocalCluster.Runs.WorkFolder _sites;
    private readonly LocalHierarchy _hierarchy;
    private readonly List<ChildProcess> _agents = [];

    private MeasuredHierarchy(WorkFolder work, HierarchyOptions? options)
    {
        _work = work;
        _sites = LocalCluster.Runs.WorkFolder.Open(work.At("sites"), keep: true);
        _hierarchy = new(
            new ClusterOptions { Devices = 0, IsInsecure = true, Hierarchy = options }, _sites, ProgramFiles.Locate(AppContext.BaseDirectory),
            DataName.Parse("unused"), TimeProvider.System);
    }

    /// <summary>The site that runs the job.</summary>
    public LocalSite Root => _hierarchy.Root;

    /// <summary>The sites below the root; none where devices are at the root itself.</summary>
    public IReadOnlyList<LocalSite> Sites => [.. _hierarchy.Sites.Skip(1)];

    /// <summary>Starts the silos.</summary>
    /// <param name="work">Where all of it writes.</param>
    /// <param name="options">The sites below the root; null for none.</param>
    public static async Task<MeasuredHierarchy> Start(WorkFolder work, HierarchyOptions? options)
    {
        // What a silo does against floods would be measured otherwise.
        Environment.SetEnvironmentVariable("Limits__MessagesPerSecond", "0");
        var hierarchy = new MeasuredHierarchy(work, options);
        try
        {
            await hierarchy._hierarchy.Start(CancellationToken.None);
            return hierarchy;
        }
        catch
        {
            await hierarchy.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts real devices that share one process and one link.</summary>
    /// <param name="site">Where they take part.</param>
    /// <param name="first">The number of the first device, which is also that of its part of the data.</param>
    /// <param name="devices">How many.</param>
    /// <param name="parts">In how many parts the data are divided.</param>
    /// <param name="data">What they offer, with its name.</param>
    /// <param name="split">How the data are divided.</param>
    /// <param name="link">What is wrong with their link.</param>
    public void StartDevices(LocalSite site, int first, int devices, int parts, string data, string split, NetworkFaults link) => Start(
        site, first, link, DeviceGroupCommand.Verb, "--devices", Text(devices), "--parts", Text(parts), "--data", data, "--split", split,
        "--folder", _work.At("devices"));

    /// <summary>Starts devices that return weights unchanged.</summary>
    /// <param name="site">Where they take part.</param>
    /// <param name="first">The number of the first device.</param>
    /// <param name="devices">How many, each with a connection of its own.</param>
    /// <param name="parameters">The number of weights.</param>
    /// <param name="link">What is wrong with their link.</param>
    public void StartEchoes(LocalSite site, int first, int devices, int parameters, NetworkFaults link) => Start(
        site, first, link, EchoAgentCommand.Verb, "--devices", Text(devices), "--per-connection", "1", "--parameters", Text(parameters),
        "--folder", _work.At("devices"));

    /// <summary>Waits until sites and devices have come, and submits the job.</summary>
    /// <param name="jobFile">The job.</param>
    /// <param name="devices">How many devices take part, over all sites.</param>
    public async Task Submit(string jobFile, int devices)
    {
        await WaitUntil(async () =>
        {
            var below = await Task.WhenAll(Sites.Select(site => site.Client.CountParticipants(CancellationToken.None)));
            var atRoot = await Root.Client.CountParticipants(CancellationToken.None);
            return Sites.Count == 0 ? atRoot >= devices : atRoot >= Sites.Count && below.Sum() >= devices;
        });
        await Root.Client.Submit(jobFile, "job.yaml", null, CancellationToken.None);
    }

    /// <summary>Waits until something holds; complains if a process ends or the job fails.</summary>
    public async Task WaitUntil(Func<Task<bool>> condition)
    {
        while (!await condition())
        {
            _agents.ForEach(agent => agent.RequireAlive());
            if (_hierarchy.Completion.IsCompleted)
            {
                await _hierarchy.Completion;
            }

            await Task.Delay(Pause);
        }
    }

    /// <summary>How the job stands.</summary>
    /// <exception cref="BenchmarkException">It has failed.</exception>
    public async Task<JobProgress> GetJob(JobId job)
    {
        var progress = await Root.Client.GetJob(job, CancellationToken.None);
        return progress.Phase is not (JobPhase.Failed or JobPhase.Stopped) ? progress
            : throw new BenchmarkException($"the job has ended ({progress.Phase}): {progress.Failure}");
    }

    /// <summary>The bytes at the root's gateway, both ways: what the sites, or devices without a site, have sent and fetched.</summary>
    public async Task<long> BytesAtRoot() =>
        (await Root.Client.GetTraffic(CancellationToken.None)).Sum(sample => sample.Traffic.BytesUp + sample.Traffic.BytesDown);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _agents.ForEach(agent => agent.Stop());
        _agents.ForEach(agent => agent.Dispose());
        await _hierarchy.DisposeAsync();
        _sites.Dispose();
    }

    private void Start(LocalSite site, int first, NetworkFaults link, string verb, params IEnumerable<string> arguments)
    {
        Dictionary<string, string> environment = link == NetworkFaults.None
            ? []
            : new() { [ProcessFaults.DevelopmentVariable] = "1", [ProcessFaults.NetworkVariable] = link.ToString() };
        _agents.Add(ChildProcess.StartSelf(
            _work.At(string.Create(CultureInfo.InvariantCulture, $"devices{first}.log")), environment,
            [verb, "--site", site.Addresses[0].ToString(), "--first", Text(first), .. arguments]));
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
