namespace OrleansEdge.EndToEnd.Tests.Telemetry;

/// <summary>A real silo and a real agent send real OTLP to a collector in this process.</summary>
public sealed class RoundTraceTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Round_whose_silo_is_killed_and_restarted_is_one_trace_across_all_processes()
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        cancellation.CancelAfter(Limit);
        using var receiver = new OtlpReceiver();
        using var site = new TestSite();
        await using var agent = site.StartAgent(Exporting(receiver, "agent"));
        await using (var first = await site.StartSilo(
            new Dictionary<string, string>(Exporting(receiver, "first").Concat(site.Killed("silo@2:closing"))), cancellation.Token))
        {
            await site.SubmitJob(cancellation.Token);
            await first.WaitForExit(cancellation.Token);
        }

        await using var second = await site.StartSilo(Exporting(receiver, "second"), cancellation.Token);
        await receiver.WaitFor(received => received.Spans.Any(span => span is { Name: "evaluate", Run: "second" }), cancellation.Token);
        await agent.Stop(cancellation.Token);
        await second.Stop(cancellation.Token);

        AssertUndisturbedRound(Product(receiver, 1));
        AssertKilledRound(Product(receiver, 2));
        AssertNothingElse(receiver);
        AssertMetricsAndLogs(receiver);
    }

    [Fact]
    public async Task Processes_without_the_endpoint_variable_export_nothing()
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        cancellation.CancelAfter(Limit);
        using var receiver = new OtlpReceiver();
        using var site = new TestSite();
        var environment = Exporting(receiver, "off");
        environment["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] = $"{receiver.Endpoint}v1/traces";
        environment["OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"] = $"{receiver.Endpoint}v1/metrics";
        environment.Remove("OTEL_EXPORTER_OTLP_ENDPOINT");
        await using var silo = await site.StartSilo(environment, cancellation.Token);
        await using var agent = site.StartAgent(environment);
        await site.SubmitJob(cancellation.Token);
        await agent.WaitForLine("begins: Evaluate traced:1", cancellation.Token);

        Assert.Equal(0, await agent.Stop(cancellation.Token));
        Assert.Equal(0, await silo.Stop(cancellation.Token));
        Assert.Equal(0, receiver.Requests);
    }

    /// <summary>The environment of a process that exports.</summary>
    internal static Dictionary<string, string> Exporting(OtlpReceiver receiver, string run) => new()
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = receiver.Endpoint.ToString(),
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_BSP_SCHEDULE_DELAY"] = "20",
        ["OTEL_METRIC_EXPORT_INTERVAL"] = "500",
        ["OTEL_RESOURCE_ATTRIBUTES"] = $"test.run={run}",
    };

    private static List<ReceivedSpan> Product(OtlpReceiver receiver, int round) =>
        [.. receiver.Spans.Where(span => span.IsOfProduct && span.Round == round)];

    private static void AssertUndisturbedRound(List<ReceivedSpan> spans)
    {
        AssertOneTrace(spans);
        (string Service, string Name)[] expected =
        [
            ("orleansedge-silo", "round opened"), ("orleansedge-silo", "select"), ("orleansedge-agent", "download"), ("orleansedge-agent", "train"),
            ("orleansedge-agent", "upload"), ("orleansedge-silo", "fold"), ("orleansedge-silo", "publish"), ("orleansedge-agent", "download"),
            ("orleansedge-agent", "evaluate"), ("orleansedge-silo", "evaluate"),
        ];
        Assert.Equal(expected.Order(), spans.Select(span => (span.Service, span.Name)).Order());
        Assert.All(spans, span => Assert.Equal("traced", span.Tags["orleansedge.job"]));
        Assert.All(spans.Where(span => span.Service == "orleansedge-agent"), span => Assert.Equal("dev1", span.Tags["orleansedge.participant"]));
        Assert.All(spans.Where(span => span.Name == "fold"), span => Assert.Equal("0", span.Tags["orleansedge.shard"]));
        Assert.All(spans, span => Assert.Equal(span.Service == "orleansedge-agent" ? "dev1" : "harbour", span.Resource["service.instance.id"]));
        var survey = spans.Single(span => span is { Name: "evaluate", Service: "orleansedge-silo" });
        var measurement = spans.Single(span => span is { Name: "evaluate", Service: "orleansedge-agent" });
        Assert.InRange(measurement.StartedAt, survey.StartedAt, survey.EndedAt);
    }

    private static void AssertKilledRound(List<ReceivedSpan> spans)
    {
        AssertOneTrace(spans);
        Assert.Equal("first", spans.Single(span => span.Name == "round opened").Run);
        Assert.Equal("first", spans.Single(span => span.Name == "select").Run);
        Assert.Equal("agent", spans.Single(span => span.Name == "train").Run);
        Assert.Equal("second", spans.Single(span => span.Name == "fold").Run);
        Assert.Equal("second", spans.Single(span => span.Name == "publish").Run);
        Assert.Contains(spans, span => span is { Name: "evaluate", Run: "second" });
    }

    /// <summary>All of a round's own spans are children of the one that opened it.</summary>
    private static void AssertOneTrace(List<ReceivedSpan> spans)
    {
        var root = spans.Single(span => span.Name == "round opened");
        Assert.Equal("", root.Parent);
        Assert.All(spans, span => Assert.Equal(root.Trace, span.Trace));
        Assert.All(spans.Where(span => span != root), span => Assert.Equal(root.Id, span.Parent));
    }

    /// <summary>Rounds 0, 1 and 2 are the only traces; heartbeats and chunks are in none; every call hangs on a span that is there.</summary>
    private static void AssertNothingElse(OtlpReceiver receiver)
    {
        Assert.Equal(3, receiver.Spans.Select(span => span.Trace).Distinct().Count());
        var calls = receiver.Spans.Where(span => !span.IsOfProduct).ToList();
        Assert.Contains(calls, call => call.Name.EndsWith("IRoundGrain/Commit", StringComparison.Ordinal) && call.Run == "first");
        Assert.DoesNotContain(calls, call => call.Name.EndsWith("/Sync", StringComparison.Ordinal));
        Assert.DoesNotContain(calls, call => call.Name.EndsWith("/Append", StringComparison.Ordinal));
        Assert.DoesNotContain(calls, call => call.Name.EndsWith("/Read", StringComparison.Ordinal));
        var undisturbed = receiver.Spans.Where(span => span.Trace == Product(receiver, 1)[0].Trace).ToList();
        var known = undisturbed.Select(span => span.Id).ToHashSet();
        Assert.All(undisturbed.Where(span => !span.IsOfProduct), call => Assert.Contains(call.Parent, known));
    }

    private static void AssertMetricsAndLogs(OtlpReceiver receiver)
    {
        string[] silo =
        [
            "orleansedge.rounds.opened", "orleansedge.rounds.published", "orleansedge.updates.committed", "orleansedge.round.duration",
            "orleansedge.fold.duration", "orleansedge.fold.queue", "orleansedge.gateway.bytes.up", "orleansedge.gateway.bytes.down",
            "orleansedge.permits.active", "orleansedge.permits.bytes", "orleansedge.staging.memory", "orleansedge.staging.spilled",
            "orleansedge.participants.live", "orleansedge.participants.working", "orleansedge.participants.silent",
        ];
        Assert.All(silo, name => Assert.Contains(("orleansedge-silo", name), receiver.Metrics));
        Assert.Contains(("orleansedge-agent", "orleansedge.training.examples"), receiver.Metrics);
        Assert.Contains(("orleansedge-agent", "dotnet.process.cpu.time"), receiver.Metrics);
        Assert.Contains(receiver.Metrics, metric => metric.Name.StartsWith("orleans-", StringComparison.Ordinal));
        Assert.Contains(receiver.Logs, line => line.Service == "orleansedge-agent"
            && line.Text.Contains("takes part at site", StringComparison.Ordinal));
        Assert.Contains(receiver.Logs, line => line.Service == "orleansedge-silo");
    }
}
