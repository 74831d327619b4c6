using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;
using OrleansEdge.Contracts.Faults;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Identity;
using OrleansEdge.Contracts.Security;
using OrleansEdge.Grains.Audit;
using OrleansEdge.Grains.Coordination;
using OrleansEdge.Grains.Identity;
using OrleansEdge.Grains.Storage;
using OrleansEdge.Grains.Storage.Folder;
using OrleansEdge.Grains.Storage.Hosting;
using OrleansEdge.Grains.Tests.Cluster;
using OrleansEdge.Grains.Tests.Storage;

namespace OrleansEdge.Grains.Tests.Identity;

/// <summary>
/// A silo with its guard, and a client of it. A call of the client's that the guard lets through is noted and goes no further, so that every
/// method can be tried.
/// </summary>
internal sealed class GuardedSite : IAsyncDisposable
{
    /// <summary>There is nothing that could be called.</summary>
    public const string NotReached = "not reached";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly TemporaryFolder _temporary = new();
    private readonly FolderBlobStore _store;
    private readonly Decisions _decisions = new();

    private GuardedSite() => _store = FolderBlobStore.Open(_temporary["store"]);

    public InProcessTestCluster Cluster { get; private set; } = null!;

    public IServiceProvider Silo => Cluster.GetSiloServiceProvider();

    public AccessTokens Tokens => Silo.GetRequiredService<AccessTokens>();

    /// <summary>Certificates that were shut out.</summary>
    public ConcurrentDictionary<Thumbprint, bool> Revoked => _decisions.Revoked;

    public static async Task<GuardedSite> Start()
    {
        var site = new GuardedSite();
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddSingleton<IBlobStore>(site._store);
            silo.Services.AddSingleton(FaultSwitch.Disarmed);
            silo.Services.AddSingleton<IAuditLog>(site._decisions);
            silo.Services.AddSingleton<IEnrolledCertificates>(site._decisions);
            silo.Services.AddCoordination();
            silo.Services.Configure<CoordinationOptions>(options => TestTimes.Apply(options, site._temporary["spill"]));
            silo.AddBlobGrainStorage(StorageNames.Grains);
            silo.GuardCalls();
            silo.AddIncomingGrainCallFilter(site._decisions);
        });
        var isDeployed = false;
        builder.ConfigureClient(client =>
        {
            client.Services.AddProductExceptions();
            client.AddOutgoingGrainCallFilter(context =>
            {
                // The test cluster asks its silo whether all are there.
                if (!Volatile.Read(ref isDeployed))
                {
                    RequestContext.Set(CallContext.Token, site.Tokens.Own);
                }

                return context.Invoke();
            });
        });
        site.Cluster = builder.Build();
        await site.Cluster.DeployAsync();
        Volatile.Write(ref isDeployed, true);
        return site;
    }

    /// <summary>Makes a call as whoever has a token, and waits for what the guard makes of it.</summary>
    /// <param name="token">The token; null for none.</param>
    /// <param name="method">What is called.</param>
    /// <param name="call">Calls it.</param>
    /// <returns>Why it was refused; null if it was let through; <see cref="NotReached"/> if it came to no decision, since there is nothing to call.</returns>
    public async Task<string?> Try(string? token, MethodInfo method, Func<Task> call)
    {
        var decision = _decisions.Expect(method);
        if (token is null)
        {
            RequestContext.Remove(CallContext.Token);
        }
        else
        {
            RequestContext.Set(CallContext.Token, token);
        }

        try
        {
            await call().WaitAsync(Patience);
        }
        catch (CallRefusedException exception)
        {
            return exception.Message;
        }
        catch (Exception exception) when (exception is not TimeoutException)
        {
            // What the call would have come to is not asked here.
            return decision.IsCompleted ? await decision : NotReached;
        }

        // Nobody answers a call that wants no answer.
        return await decision.WaitAsync(Patience);
    }

    public async ValueTask DisposeAsync()
    {
        await Cluster.DisposeAsync();
        _store.Dispose();
        _temporary.Dispose();
    }

    private sealed class Decisions : IIncomingGrainCallFilter, IAuditLog, IEnrolledCertificates
    {
        private readonly ConcurrentDictionary<string, TaskCompletionSource<string?>> _expected = [];

        public ConcurrentDictionary<Thumbprint, bool> Revoked { get; } = [];

        public Task<string?> Expect(MethodInfo method) => (_expected[NameOf(method)] = new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

        public Task Invoke(IIncomingGrainCallContext context)
        {
            if (context.SourceId is not { } source || !source.IsClient() || source.Key.ToString()!.StartsWith("hosted", StringComparison.Ordinal)
                || !_expected.TryRemove(NameOf(context.InterfaceMethod), out var decision))
            {
                return context.Invoke();
            }

            decision.SetResult(null);
            context.Response = Orleans.Serialization.Invocation.Response.Completed;
            return Task.CompletedTask;
        }

        public Task Record(AuditEntry entry) => Task.CompletedTask;

        public void Denied(AuditEntry entry)
        {
            if (_expected.TryRemove(entry.What, out var decision))
            {
                decision.SetResult(entry.Detail);
            }
        }

        public bool AreRequired => true;

        public ValueTask<ParticipantId?> FindParticipant(Thumbprint certificate, CancellationToken cancellation) => default;

        public ValueTask<string?> FindOperator(Thumbprint certificate, CancellationToken cancellation) => default;

        public bool IsRevoked(Thumbprint certificate) => Revoked.ContainsKey(certificate);

        private static string NameOf(MethodInfo method) => $"{method.DeclaringType!.Name}.{method.Name}";
    }
}
