using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansEdge.Contracts.Faults;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Identity;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Contracts.Participants;
using OrleansEdge.Contracts.Sites;
using OrleansEdge.Grains.Audit;
using OrleansEdge.Grains.Coordination;
using OrleansEdge.Grains.Jobs;
using OrleansEdge.Grains.Models;
using OrleansEdge.Grains.Rounds;
using OrleansEdge.Grains.Storage;
using OrleansEdge.Grains.Storage.Content;
using OrleansEdge.Grains.Storage.Folder;
using OrleansEdge.Grains.Storage.Hosting;
using OrleansEdge.Grains.Strategies;
using OrleansEdge.Silo.Hosting;
using OrleansEdge.Silo.Hosting.Security;
using OrleansEdge.Silo.Hosting.Storage;
using OrleansEdge.Silo.Identity;
using OrleansEdge.Silo.Tests.Hosting;
using OrleansEdge.Silo.Web;

[assembly: AssemblyFixture(typeof(OrleansEdge.Silo.Tests.Web.TestSite))]

namespace OrleansEdge.Silo.Tests.Web;

/// <summary>One silo with the operator's API, on free loopback ports and a temporary folder, for all tests: each uses names of its own.</summary>
public sealed class TestSite : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("orleansedge-web-").FullName;
    private WebApplication? _app;

    internal static ModelLayout Layout { get; } = new(
        [new("hidden.weight", TensorType.Float32, [3, 2]), new("norm.batches", TensorType.Int64, []), new("hidden.bias", TensorType.Float32, [3])]);

    internal Uri Address { get; private set; } = null!;

    internal HttpClient Http { get; private set; } = null!;

    internal ContentStore Content => _app!.Services.GetRequiredService<ContentStore>();

    internal ManifestStore Manifests => _app!.Services.GetRequiredService<ManifestStore>();

    internal JobRecords Jobs => _app!.Services.GetRequiredService<JobRecords>();

    internal IGrainFactory Grains => _app!.Services.GetRequiredService<IGrainFactory>();

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        Address = new Uri($"http://127.0.0.1:{FreePort()}");
        builder.WebHost.UseUrls(Address.AbsoluteUri);
        AddServices(builder.Services);
        builder.Services.AddSingleton(TestOptions.Of("test", _folder) with { Url = Address, ListenUrl = Address.AbsoluteUri });
        builder.Services.AddSingleton(new ModelSigning(null));
        builder.Services.AddAudit();
        builder.AddOperatorAccess();
        builder.Host.UseOrleans(silo => silo
            .UseLocalhostClustering(FreePort(), FreePort())
            .AddBlobGrainStorage(StorageNames.Grains));
        _app = builder.Build();
        _app.MapOperatorApi();
        _app.Services.GetRequiredService<LocalOperator>();
        await _app.StartAsync();
        Http = new HttpClient(new OperatorCredentialHandler(new SocketsHttpHandler())) { BaseAddress = Address };
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app!.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Publishes weights under the next number of a model, in shards of four.</summary>
    internal async Task<VersionRecord> Publish(string model, float[] weights, long batches = 7, string? job = null, int round = 0)
    {
        var plan = new ShardPlan(Layout.WeightCount, 4);
        var shards = ImmutableArray.CreateBuilder<ContentHash>();
        foreach (var shard in plan.Shards)
        {
            shards.Add(await Content.Put(MemoryMarshal.AsBytes(weights.AsSpan((int)shard.Offset, shard.Length)).ToArray()));
        }

        var manifest = ModelManifest.OfWeights(Layout, plan, shards.ToImmutable(), BitConverter.GetBytes(batches));
        return await Grains.GetGrain<IModelControl>(model).Publish(new VersionRecord
        {
            Id = new(ModelName.Parse(model), 0),
            Manifest = await Content.Put(manifest.ToBytes()),
            Job = job is null ? null : JobId.Parse(job),
            Round = round,
            Strategy = "fedavg",
            Contributors = [ParticipantId.Parse("dev1"), ParticipantId.Parse("dev2")],
            Examples = 600,
            Source = new("mlp:3", null),
            Task = await Content.Put(Encoding.UTF8.GetBytes("{}")),
        });
    }

    /// <summary>Lets a device join that offers data of its own name.</summary>
    internal async Task Join(string device) => Assert.Null((await Grains.GetGrain<IParticipantGrain>(device).Register(new(
        new string('a', 64), Guid.NewGuid(), SiteDescription.CurrentContractVersion, new(4, 8L << 30, "Linux", 1234, 0.5),
        [DataName.Parse("digits")]))).Refusal);

    /// <summary>Writes over a stored content without changing its length.</summary>
    internal void Damage(ContentHash hash)
    {
        var path = _app!.Services.GetRequiredService<IBlobStore>().Describe(ContentStore.NameOf(hash));
        var bytes = File.ReadAllBytes(path);
        bytes[^1] ^= 1;
        File.Delete(path);
        File.WriteAllBytes(path, bytes);
    }

    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private void AddServices(IServiceCollection services)
    {
        services.AddSingleton<IBlobStore>(_ => FolderBlobStore.Open(_folder));
        OrleansEdge.Grains.Coordination.CoordinationServices.AddCoordination(services);
    }
}
