using Microsoft.Extensions.Logging.Abstractions;
using OrleansEdge.Contracts.Faults;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Tests.Security;
using OrleansEdge.EdgeAgent.Participation;
using OrleansEdge.EdgeAgent.Participation.Roaming;
using OrleansEdge.EdgeAgent.Tests.Data;
using OrleansEdge.EdgeAgent.Tests.Security;
using OrleansEdge.Participation.Updates;

namespace OrleansEdge.EdgeAgent.Tests.Participation.Roaming;

public sealed class SiteVisitsTests : IDisposable
{
    private static readonly KnownSite Harbour = new([new("http://harbour")], null, "");

    private readonly TestFolder _files = new();
    private readonly AgentHost _host = new(null!, 1, ProcessFaults.None, TimeProvider.System, NullLoggerFactory.Instance);
    private readonly ParticipantFolder _folder;

    public SiteVisitsTests() => _folder = ParticipantFolder.Open(Path.Combine(_files.Path, "agent"));

    private SiteVisits Visits => new(
        _host, ParticipantId.Parse("dev7"), _folder, null!, Harbour, NullLogger.Instance, TestContext.Current.CancellationToken);

    private KnownSite Quarry => new([new("https://quarry")], null, Path.Combine(_files.Path, "quarry"));

    public void Dispose()
    {
        _folder.Dispose();
        _host.Dispose();
        _files.Dispose();
    }

    [Fact]
    public async Task A_device_that_cannot_be_made_ready_for_another_site_stays_where_it_is_until_it_can()
    {
        var visits = Visits;
        Assert.False(await visits.Prepare(Quarry, TestContext.Current.CancellationToken));
        Assert.False(await visits.Answers(Quarry, TestContext.Current.CancellationToken));

        using var authority = new TestAuthority("quarry", TimeProvider.System.GetUtcNow());
        EnrolledDevice.Enrol(Quarry.Folder, authority);
        Assert.True(await visits.Prepare(Quarry, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_certificate_that_is_damaged_is_no_reason_to_leave_the_site_where_the_device_is()
    {
        using var authority = new TestAuthority("quarry", TimeProvider.System.GetUtcNow());
        EnrolledDevice.Enrol(Quarry.Folder, authority);
        foreach (var file in Directory.EnumerateFiles(Quarry.Folder, "*", SearchOption.AllDirectories))
        {
            await File.WriteAllTextAsync(file, "none", TestContext.Current.CancellationToken);
        }

        Assert.False(await Visits.Prepare(Quarry, TestContext.Current.CancellationToken));
    }
}
