using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Sites;
using OrleansEdge.Grains.Storage;
using OrleansEdge.Grains.Storage.Folder;
using OrleansEdge.Grains.Storage.Json;
using OrleansEdge.Grains.Tests.Cluster;
using OrleansEdge.Silo.Hosting;
using OrleansEdge.Silo.Hosting.Clustering;
using OrleansEdge.Silo.Hosting.Storage;

namespace OrleansEdge.Silo.Tests.Hosting.Storage;

/// <summary>A silo that says that it works on a store, and what becomes of it when another one does.</summary>
public sealed class StoreTenantTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("orleansedge-").FullName;
    private readonly FolderBlobStore _store;
    private readonly CrashableStore _seen;
    private readonly FakeTimeProvider _time = new();
    private readonly LastLogger _log = new();
    private readonly SiteExit _exit;

    public StoreTenantTests()
    {
        _store = FolderBlobStore.Open(_folder);
        _seen = new(_store);
        _exit = new(new ApplicationLifetime(NullLogger<ApplicationLifetime>.Instance), _time);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => new(Of("first").Take(_ => { }, Cancellation));

    public ValueTask DisposeAsync()
    {
        _store.Dispose();
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_silo_whose_store_another_cluster_has_taken_ends_and_asks_to_be_started_again()
    {
        using var tenant = Tenant();
        await tenant.StartAsync(Cancellation);
        await PassUntilRenewed(tenant);
        Assert.Equal(0, _exit.ExitCode);

        await _store.Write(StoreTenancy.Name, JsonSerializer.SerializeToUtf8Bytes(Identity("second"), StateJson.Options), cancellation: Cancellation);
        await PassUntil(tenant, () => tenant.ExecuteTask!.IsCompleted);
        await tenant.ExecuteTask!;
        await tenant.StopAsync(Cancellation);

        Assert.Equal(SiloExitCodes.StartAgain, _exit.ExitCode);
        Assert.Contains("at second's place, has taken the store", _log.Last, StringComparison.Ordinal);
        Assert.Null(await Of("second").Renew(Cancellation));
    }

    [Fact]
    public async Task A_store_that_is_away_does_not_end_the_silo_which_goes_on_when_it_is_back()
    {
        using var tenant = Tenant();
        await tenant.StartAsync(Cancellation);

        _seen.Die();
        await PassUntil(tenant, () => _log.Last is not null);
        _seen.Revive();
        await PassUntilRenewed(tenant);

        Assert.Contains("The store is dead.", _log.Last, StringComparison.Ordinal);
        Assert.Equal(0, _exit.ExitCode);
        await tenant.StopAsync(Cancellation);
    }

    [Fact]
    public async Task Something_else_in_the_place_of_the_clusters_name_is_an_error_that_is_said_once()
    {
        using var tenant = Tenant();
        await tenant.StartAsync(Cancellation);

        await _store.Write(StoreTenancy.Name, new byte[1 << 20], cancellation: Cancellation);
        await PassUntil(tenant, () => _log.Lines.Count > 3);

        Assert.Contains("so it is not what a site wrote", _log.Last, StringComparison.Ordinal);
        Assert.Single(_log.Lines, LogLevel.Error);
        Assert.Equal(0, _exit.ExitCode);
        await tenant.StopAsync(Cancellation);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("redis://127.0.0.1:6379", true)]
    public async Task A_store_is_given_back_by_a_silo_that_stops_if_it_is_the_only_one(string? cluster, bool isKept)
    {
        using var tenant = Tenant(cluster);
        await tenant.StartAsync(Cancellation);

        await tenant.StopAsync(Cancellation);

        Assert.Equal(isKept, await _store.Read(StoreTenancy.Name, Cancellation) is not null);
        Assert.Equal(0, _exit.ExitCode);
    }

    private static ClusterIdentity Identity(string cluster) => new(cluster, $"{cluster}'s place");

    private StoreTenancy Of(string cluster) => new(_seen, SiteName.Parse("harbour"), Identity(cluster), _time);

    private StoreTenant Tenant(string? cluster = null) => new(Of("first"), TestOptions.Of("harbour", _folder) with { Cluster = cluster is null ? null : RedisAddress.Parse(cluster) }, _exit, _time, _log);

    private async Task PassUntilRenewed(StoreTenant tenant)
    {
        var known = await ETag();
        await PassUntil(tenant, async () => await ETag() != known);
    }

    private async Task<string> ETag() => (await _store.Read(StoreTenancy.Name, Cancellation))!.ETag;

    private Task PassUntil(StoreTenant tenant, Func<bool> condition) => PassUntil(tenant, async () =>
    {
        // Of no use but to let others run.
        await ETag();
        return condition();
    });

    /// <summary>Lets time pass until something has happened, which a silo that looks at its store again and again brings about.</summary>
    private async Task PassUntil(StoreTenant tenant, Func<Task<bool>> condition)
    {
        while (!await condition())
        {
            Assert.False(tenant.ExecuteTask!.IsFaulted, "The silo does not look at its store any more.");
            _time.Advance(StoreTenancy.RenewalPeriod);
        }
    }

    private sealed class LastLogger : ILogger<StoreTenant>
    {
        private volatile string? _last;

        public string? Last => _last;

        public ConcurrentQueue<LogLevel> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Add(logLevel, formatter(state, exception));

        private void Add(LogLevel level, string line)
        {
            _last = line;
            Lines.Enqueue(level);
        }
    }
}
