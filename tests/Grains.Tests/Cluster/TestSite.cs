using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Runtime.Messaging;
using Orleans.TestingHost;
using OrleansEdge.Contracts.Faults;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Grains.Coordination;
using OrleansEdge.Grains.Jobs;
using OrleansEdge.Grains.Jobs.Files;
using OrleansEdge.Grains.Storage;
using OrleansEdge.Grains.Storage.Content;
using OrleansEdge.Grains.Storage.Hosting;

namespace OrleansEdge.Grains.Tests.Cluster;

/// <summary>One silo of a site in this process, on a store that outlives it. Waits are short, so that tests are.</summary>
internal sealed class TestSite : ITestSite, IAsyncDisposable
{
    private readonly IBlobStore _store;
    private readonly TaskCompletionSource _died = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private TestSite(IBlobStore store)
    {
        _store = store;
        Store = new(store);
    }

    public CrashableStore Store { get; }

    /// <summary>The link to a parent that is there, and does nothing by itself.</summary>
    public FakeUplink Uplink { get; } = new();

    public InProcessTestCluster Cluster { get; private set; } = null!;

    public IGrainFactory Grains => Cluster.Client;

    /// <summary>Ends when the kill point has been reached.</summary>
    public Task Died => _died.Task;

    public static async Task<TestSite> Start(
        IBlobStore store, string spillFolder, Action<CoordinationOptions>? configure = null, FaultPoint? killPoint = null, int killRound = -1,
        params IConnectionMiddleware[] network)
    {
        var site = new TestSite(store);
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddSingleton<IBlobStore>(site.Store);
            silo.Services.AddSingleton(new FaultSwitch(killPoint is null ? [] : [new(killRound, killPoint, site.Die)]));
            silo.Services.AddCoordination();
            silo.Services.AddSingleton<OrleansEdge.Grains.Sites.IUplink>(site.Uplink);
            silo.Services.Configure<CoordinationOptions>(options =>
            {
                TestTimes.Apply(options, spillFolder);
                configure?.Invoke(options);
            });
            silo.AddBlobGrainStorage(StorageNames.Grains);
        });
        builder.ConfigureClient(client => client.Configure<ClientConnectionOptions>(options =>
        {
            foreach (var middleware in network)
            {
                options.ConfigureConnection(connection => connection.UseMiddleware(middleware));
            }
        }));
        site.Cluster = builder.Build();
        await site.Cluster.DeployAsync();
        return site;
    }

    /// <summary>From here on nothing is written and nobody is answered: as after SIGKILL.</summary>
    public void Die()
    {
        Store.Die();
        _died.TrySetResult();
        throw new InvalidOperationException("The silo is dead.");
    }

    /// <summary>Lets go of the store without letting the silo write.</summary>
    public void Abandon()
    {
        Store.Die();
        Close();
    }

    public IJobControl Job(string job) => Grains.GetGrain<IJobControl>(job);

    public IAssignedJob Assigned(string job) => Grains.GetGrain<IAssignedJob>(job);

    public async Task Submit(string file)
    {
        var strategies = new StrategyDeclarations();
        var definition = JobFile.Parse(file, "job.yaml", strategies);
        Assert.Null(await Job(definition.Job.Value).Submit(new(JobFile.Write(definition), null)));
    }

    public async Task<JobStatus> Status(string job) => (await Job(job).GetStatus())!;

    public async Task<JobStatus> Ended(string job, double seconds = 40)
    {
        JobStatus? status = null;
        await Polling.Until(
            async () =>
            {
                status = await Job(job).GetStatus();
                return status!.IsOver;
            },
            $"the end of job '{job}'",
            seconds);
        return status!;
    }

    public async Task<VersionRecord> Version(string model, int? number = null) =>
        (await Grains.GetGrain<IModelGrain>(model).Find(number)) ?? throw new InvalidOperationException($"{model} has no version {number}.");

    /// <summary>Puts content into the site's store.</summary>
    public async Task Put(byte[] content) => await new ContentStore(_store).Put(content);

    public async Task<float[]> Weights(VersionRecord record)
    {
        var content = new ContentStore(_store);
        var manifest = ModelManifest.Parse(await content.Read(record.Manifest));
        var weights = new List<float>();
        foreach (var shard in manifest.WeightShards)
        {
            weights.AddRange(System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>((await content.Read(shard)).Span));
        }

        return [.. weights];
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await Cluster.DisposeAsync();
        }
        finally
        {
            Close();
        }
    }

    private void Close() => (_store as IDisposable)?.Dispose();
}
