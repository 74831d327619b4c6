using Orleans.Runtime.Messaging;
using OrleansEdge.Contracts.Faults;
using OrleansEdge.Grains.Coordination;
using OrleansEdge.Grains.Tests.Storage;

namespace OrleansEdge.Grains.Tests.Cluster;

/// <summary>A site and its participants, which find the site again when it is started anew.</summary>
internal sealed class TestFleet : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<TestSite> _sites = [];
    private readonly List<FakeParticipant> _participants = [];

    public TestSite Site => _sites[^1];

    public string Folder => _folder["store"];

    /// <summary>The files of grain state whose paths contain <paramref name="part"/>; those of cleared states are empty or gone.</summary>
    public IEnumerable<FileInfo> States(string part = "") => new DirectoryInfo(Path.Combine(Folder, "grainstate"))
        .EnumerateFiles("*", SearchOption.AllDirectories)
        .Where(file => file.FullName.Contains(part, StringComparison.Ordinal) && file.Length > 0);

    public IReadOnlyList<FakeParticipant> Participants => _participants;

    public static async Task<TestFleet> Start(
        Action<CoordinationOptions>? configure = null, FaultPoint? killPoint = null, int killRound = -1,
        params IConnectionMiddleware[] network)
    {
        var fleet = new TestFleet();
        fleet._sites.Add(await TestSite.Start(fleet.Folder, configure, killPoint, killRound, network));
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

    /// <summary>Starts a silo on the store of the last one, which is dead to the store from here on.</summary>
    public async Task Restart(Action<CoordinationOptions>? configure = null)
    {
        Site.Abandon();
        _sites.Add(await TestSite.Start(Folder, configure));
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_participants.Select(participant => participant.DisposeAsync().AsTask()));
        await Task.WhenAll(_sites.Select(site => site.DisposeAsync().AsTask()));
        _folder.Dispose();
    }
}
