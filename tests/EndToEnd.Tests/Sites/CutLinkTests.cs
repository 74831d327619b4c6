using OrleansEdge.Contracts.Faults;
using OrleansEdge.EndToEnd.Tests.Telemetry;

namespace OrleansEdge.EndToEnd.Tests.Sites;

/// <summary>A site whose link to its parent is cut while both of them live, as real processes.</summary>
[Trait("Category", "EndToEnd")]
public sealed class CutLinkTests : IDisposable
{
    private static readonly Dictionary<string, string> Nothing = [];

    private readonly CancellationTokenSource _cancellation = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

    public CutLinkTests() => _cancellation.CancelAfter(TimeSpan.FromMinutes(4));

    private CancellationToken Cancellation => _cancellation.Token;

    public void Dispose() => _cancellation.Dispose();

    [Fact]
    public async Task Site_that_is_cut_off_until_after_the_job_has_ended_keeps_its_versions_and_does_the_next()
    {
        using var cloud = new TestSite("cloud", tiers: "deadline: 3s\nonMissedQuorum: skip\ntiers: [{autonomy: 2}]");
        using var harbour = new TestSite();
        await using var above = await cloud.StartSilo(Nothing, Cancellation);
        var cut = new Dictionary<string, string> { [ProcessFaults.DevelopmentVariable] = "1", [ProcessFaults.UplinkVariable] = "partition:30s@2" };
        await using var below = await harbour.StartSilo(cut, Cancellation, "--parent", cloud.Address.ToString());
        await using var agent = harbour.StartAgent(Nothing);
        await cloud.SubmitJob(Cancellation);
        await cloud.Completed("traced", Cancellation);
        Assert.NotNull(await harbour.Trouble(Cancellation));

        await below.WaitForLine("has ended job traced, or does not know it", Cancellation);
        await cloud.SubmitJob(Cancellation, "anew");
        await cloud.Completed("anew", Cancellation);

        Assert.Null(await harbour.Trouble(Cancellation));
        await using var versions = await harbour.Operate(Cancellation, "models", "show", "traced@3");
        Assert.True(versions.ExitCode == 0, versions.Output);
        Assert.Equal(0, await agent.Stop(Cancellation));
        Assert.Equal(0, await below.Stop(Cancellation));
        Assert.Equal(0, await above.Stop(Cancellation));
    }
}
