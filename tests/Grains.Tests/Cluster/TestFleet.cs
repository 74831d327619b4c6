using System.Text;
using Orleans.Runtime.Messaging;
using OrleansEdge.Contracts.Faults;
using OrleansEdge.Grains.Coordination;
using OrleansEdge.Grains.Storage;
using OrleansEdge.Grains.Tests.Storage;

namespace OrleansEdge.Grains.Tests.Cluster;

/// <summary>A site and its participants, which find the site again when it is started anew.</summary>
internal sealed class TestFleet : IAsyncDisposable
{
    private readonly TemporaryFolder _temporary = new();
    private readonly TestStore _store;
    private readonly bool _ownsStore;
    private readonly List<TestSite> _sites = [];
    private readonly List<FakeParticipant> _participants = [];

    private TestFleet(TestStore? store)
    {
        _store = store ?? TestStore.InFolder();
        _ownsStore = store is null;
    }

    public TestSite Site => _sites[^1];

    public IReadOnlyList<FakeParticipant> Participants => _participants;

    private string SpillFolder => _temporary["spill"];

    /// <summary>Starts a site.</summary>
    /// <param name="configure">Changes its waits and limits.</param>
    /// <param name="killPoint">The point at which it dies; null for none.</param>
    /// <param name="killRound">In which round.</param>
    /// <param name="store">Its store, the caller's to dispose; null for one in a folder.</param>
    /// <param name="network">What is between the site and its participants.</param>
    public static async Task<TestFleet> Start(
        Action<CoordinationOptions>? configure = null, FaultPoint? killPoint = null, int killRound = -1, TestStore? store = null,
        params IConnectionMiddleware[] network)
    {
        var fleet = new TestFleet(store);
        fleet._sites.Add(await TestSite.Start(fleet._store.Open(), fleet.SpillFolder, configure, killPoint, killRound, network));
        return fleet;
    }

    /// <summary>A job file with what a test changes at its end.</summary>
    public static string JobFile(string keys, string job = "j", string data = "d") =>
        $"job: {job}\nmodel: logistic\npublish: {job}\ndata: {data}\nseed: 7\n{keys}\n"
        + (keys.Contains("evaluation", StringComparison.Ordinal) ? "" : "evaluation: none\n");

    public FakeParticipant Add(FakeParticipant participant)
    {
        _participants.Add(participant);
        return participant.Start();
    }

    /// <summary>p0, p1, …: with the default behaviour.</summary>
    public void Add(int count, int width = 1000)
    {
        for (var index = 0; index < count; index++)
        {
            Add(New($"p{index}", width));
        }
    }

    public FakeParticipant New(string id, int width = 1000) => new(id, () => Site) { Width = width };

    /// <summary>The grain states whose names contain <paramref name="part"/>; those that were cleared are empty or gone.</summary>
    public async Task<IReadOnlyList<BlobEntry>> States(string part = "") => States(await Site.Store.Entries("grainstate"), part);

    /// <summary>Changes a grain state while no silo is at work, from what it is.</summary>
    /// <returns>The state's name, and what it was.</returns>
    public async Task<(BlobName Name, ReadOnlyMemory<byte> Before)> ChangeAbandoned(string part, Func<string, string> change)
    {
        Site.Abandon();
        var store = _store.Open();
        try
        {
            return await Change(store, Assert.Single(States(await store.Entries("grainstate"), part)).Name, change);
        }
        finally
        {
            (store as IDisposable)?.Dispose();
        }
    }

    /// <summary>Starts a silo on the store of the last one, which is dead to the store from here on.</summary>
    public async Task Restart(Action<CoordinationOptions>? configure = null)
    {
        Site.Abandon();
        _sites.Add(await TestSite.Start(_store.Open(), SpillFolder, configure));
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_participants.Select(participant => participant.DisposeAsync().AsTask()));
        await Task.WhenAll(_sites.Select(site => site.DisposeAsync().AsTask()));
        if (_ownsStore)
        {
            _store.Dispose();
        }

        _temporary.Dispose();
    }

    private static IReadOnlyList<BlobEntry> States(IReadOnlyList<BlobEntry> entries, string part) =>
        [.. entries.Where(entry => entry.Name.Path.Contains(part, StringComparison.Ordinal) && entry.Length > 0)];

    /// <summary>What the abandoned silo had sent to a service before may arrive in between.</summary>
    private static async Task<(BlobName Name, ReadOnlyMemory<byte> Before)> Change(IBlobStore store, BlobName name, Func<string, string> change)
    {
        while (true)
        {
            var blob = (await store.Read(name))!;
            try
            {
                await store.Write(name, Encoding.UTF8.GetBytes(change(Encoding.UTF8.GetString(blob.Bytes.Span))), BlobCondition.IfMatch(blob.ETag));
                return (name, blob.Bytes);
            }
            catch (BlobConflictException)
            {
                // Look again.
            }
        }
    }
}
