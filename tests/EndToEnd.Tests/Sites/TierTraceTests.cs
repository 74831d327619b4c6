using OrleansEdge.EndToEnd.Tests.Telemetry;

namespace OrleansEdge.EndToEnd.Tests.Sites;

/// <summary>Cloud, site and device as real processes send real OTLP to a collector in this process.</summary>
[Trait("Category", "EndToEnd")]
public sealed class TierTraceTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    [Fact]
    public async Task A_round_of_the_cloud_is_one_trace_down_to_the_device()
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        cancellation.CancelAfter(Limit);
        using var receiver = new OtlpReceiver();
        using var cloud = new TestSite("cloud", tiers: "tiers: [{}]");
        using var harbour = new TestSite();
        await using var above = await cloud.StartSilo(RoundTraceTests.Exporting(receiver, "cloud"), cancellation.Token);
        await using var below = await harbour.StartSilo(RoundTraceTests.Exporting(receiver, "harbour"), cancellation.Token, "--parent", cloud.Address.ToString());
        await using var agent = harbour.StartAgent(RoundTraceTests.Exporting(receiver, "agent"));
        await cloud.SubmitJob(cancellation.Token);

        await receiver.WaitFor(
            received => received.Spans.Any(span => span is { Name: "evaluate", Run: "cloud", IsOfProduct: true, Round: 2 }), cancellation.Token);
        await agent.Stop(cancellation.Token);
        await below.Stop(cancellation.Token);
        await above.Stop(cancellation.Token);

        var root = receiver.Spans.Single(span => span is { Name: "round opened", Run: "cloud", IsOfProduct: true, Round: 1 });
        var trace = receiver.Spans.Where(span => span.IsOfProduct && span.Trace == root.Trace).ToList();
        var inner = trace.Single(span => span is { Name: "round opened", Run: "harbour" });
        Assert.Equal(("", root.Id), (root.Parent, inner.Parent));
        Assert.Equal(inner.Id, trace.Single(span => span is { Name: "train", Run: "agent" }).Parent);
        Assert.Equal(inner.Id, trace.Single(span => span is { Name: "publish", Run: "harbour" }).Parent);
        Assert.Equal(root.Id, trace.Single(span => span is { Name: "publish", Run: "cloud" }).Parent);
        Assert.Equal(["agent", "cloud", "harbour"], trace.Where(span => span.Name == "evaluate").Select(span => span.Run).Order());
    }
}
