using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.TestingHost;
using OrleansEdge.Contracts.Faults;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Grains.Coordination;
using OrleansEdge.Grains.Jobs;
using OrleansEdge.Grains.Jobs.Files;
using OrleansEdge.Grains.Participants;
using OrleansEdge.Grains.Storage;
using OrleansEdge.Grains.Storage.Folder;
using OrleansEdge.Grains.Storage.Hosting;
using OrleansEdge.Grains.Tests.Storage;

namespace OrleansEdge.Grains.Tests.Cluster;

/// <summary>A site of several silos in this process, which share a store, with its participants. Silos do not probe each other: tests say who is dead.</summary>
internal sealed class TestCluster : ITestSite, IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TemporaryFolder _temporary = new();
    private readonly IBlobStore _folder;
    private readonly ConcurrentDictionary<string, CrashableStore> _stores = [];
    private readonly TaskCompletionSource<string> _died = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<FakeParticipant> _participants = [];
    private int _deaths;

    private TestCluster(IBlobStore? store) => _folder = store ?? FolderBlobStore.Open(_temporary["store"]);

    private bool OwnsStore { get; init; }

    public InProcessTestCluster Cluster { get; private set; } = null!;

    public IGrainFactory Grains => Cluster.Client;

    public IReadOnlyList<FakeParticipant> Participants => _participants;

    /// <summary>The store that all silos share, as no silo's death closes it.</summary>
    public IBlobStore Store => _folder;

    /// <summary>Starts three silos.</summary>
    /// <param name="killPoint">The point at which the first silo that reaches it dies, and no other after it; null for none.</param>
    /// <param name="killRound">In which round.</param>
    /// <param name="silos">How many.</param>
    /// <param name="store">The store of another cluster: then every grain exists twice. Null for one of its own.</param>
    public static async Task<TestCluster> Start(FaultPoint? killPoint = null, int killRound = -1, short silos = 3, IBlobStore? store = null)
    {
        var cluster = new TestCluster(store) { OwnsStore = store is null };
        var builder = new InProcessTestClusterBuilder(silos);
        builder.ConfigureSilo((options, silo) =>
        {
            var name = options.SiloName;
            silo.Services.AddSingleton<IBlobStore>(cluster._stores.GetOrAdd(name, _ => new(cluster._folder)));
            silo.Services.AddSingleton(new FaultSwitch(killPoint is null ? [] : [new(killRound, killPoint, () => cluster.Die(name))]));
            silo.Services.AddCoordination();
            silo.Services.Configure<CoordinationOptions>(coordination =>
            {
                TestTimes.Apply(coordination, cluster._temporary[$"spill-{name}"]);

                // Longer than a call to a silo that is gone may take: who waits for one is not gone.
                coordination.Liveness = 2 * FakeParticipant.CallLimit;
            });
            silo.Configure<ClusterMembershipOptions>(membership => membership.LivenessEnabled = false);
            silo.AddBlobGrainStorage(StorageNames.Grains);
        });
        builder.ConfigureClient(client => client.Services.AddProductExceptions());
        cluster.Cluster = builder.Build();
        await cluster.Cluster.DeployAsync();
        return cluster;
    }

    public void Add(int count, Action<FakeParticipant>? prepare = null)
    {
        for (var index = 0; index < count; index++)
        {
            var participant = New($"p{index}");
            prepare?.Invoke(participant);
            Add(participant);
        }
    }

    public FakeParticipant New(string id, int width = 1000) => new(id, () => this) { Width = width };

    public void Add(FakeParticipant participant)
    {
        _participants.Add(participant);
        participant.Start();
    }

    /// <summary>Waits until all participants are there.</summary>
    public Task Present() => Polling.Until(
        () => Trying(async () => (await Grains.GetGrain<IFleetGrain>(StorageNames.Fleet).List()).Length == _participants.Count), "all participants");

    public async Task Submit(string file)
    {
        var definition = JobFile.Parse(file, "job.yaml", new StrategyDeclarations());
        Assert.Null(await Job(definition.Job.Value).Submit(new(JobFile.Write(definition), null)));
    }

    public IJobControl Job(string job) => Grains.GetGrain<IJobControl>(job);

    /// <summary>Kills the silo that reaches the point, as soon as it does.</summary>
    public async Task KillWhoReachesThePoint() => await Kill(Cluster.Silos.Single(silo => silo.Name == _died.Task.Result));

    /// <summary>Ends when a silo has reached the point.</summary>
    public Task Died => _died.Task.WaitAsync(Patience);

    /// <summary>Where a grain is.</summary>
    public async Task<InProcessSiloHandle> Host(IAddressable grain)
    {
        var address = await Grains.GetGrain<IManagementGrain>(0).GetActivationAddress(grain);
        return Cluster.Silos.Single(silo => silo.SiloAddress.Equals(address));
    }

    /// <summary>Kills a silo as SIGKILL does: from here on it writes nothing and answers nobody. The others know at once.</summary>
    public async Task Kill(InProcessSiloHandle silo)
    {
        _stores[silo.Name].Die();
        await Cluster.KillSiloAsync(silo);
        var survivor = Cluster.Silos.First(other => other.IsActive && other != silo);
        await survivor.ServiceProvider.GetRequiredService<IClusterMembershipService>().TryKill(silo.SiloAddress);
    }

    public async Task<JobStatus> Ended(string job)
    {
        JobStatus? status = null;
        await Polling.Until(
            () => Trying(async () =>
            {
                status = await Job(job).GetStatus().WaitAsync(TimeSpan.FromSeconds(5));
                return status!.IsOver;
            }),
            $"the end of job '{job}'",
            seconds: 60);
        return status!;
    }

    public async Task<VersionRecord> Version(string model, int? number = null) =>
        (await Grains.GetGrain<IModelGrain>(model).Find(number)) ?? throw new InvalidOperationException($"{model} has no version {number}.");

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_participants.Select(participant => participant.DisposeAsync().AsTask()));
        await Cluster.DisposeAsync();
        if (OwnsStore)
        {
            ((IDisposable)_folder).Dispose();
        }

        _temporary.Dispose();
    }

    /// <summary>While a silo dies, what is asked of it gets no answer, or a bad one.</summary>
    internal static async Task<bool> Trying(Func<Task<bool>> question)
    {
        try
        {
            return await question();
        }
        catch (Exception exception) when (exception is OrleansException or TimeoutException or BlobStoreException or InvalidOperationException)
        {
            return false;
        }
    }

    private void Die(string silo)
    {
        if (Interlocked.Increment(ref _deaths) == 1)
        {
            _stores[silo].Die();
            _died.SetResult(silo);
        }

        if (_died.Task.Result == silo)
        {
            throw new InvalidOperationException("The silo is dead.");
        }
    }
}
