using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Rounds;
using OrleansEdge.Contracts.Telemetry;
using OrleansEdge.Telemetry;

namespace OrleansEdge.Silo.Tests.Telemetry;

public sealed class TelemetryPipelineTests
{
    private static readonly RoundKey Round = new(JobId.Parse("job"), 1);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    public void Telemetry_without_an_endpoint_is_off_and_nobody_listens(string? endpoint)
    {
        Assert.False(TelemetryPipeline.IsOn(Configuration(endpoint)));
        Assert.False(OrleansEdgeTelemetry.Source.HasListeners());
        Assert.Null(OrleansEdgeTelemetry.Start(OrleansEdgeTelemetry.RoundOpened, null, Round));
    }

    [Theory]
    [InlineData("collector")]
    [InlineData("localhost:4317")]
    [InlineData("ftp://localhost")]
    public void Endpoint_that_is_no_address_is_an_error_that_says_what_to_write(string endpoint)
    {
        var exception = Assert.Throws<FormatException>(() => TelemetryPipeline.IsOn(Configuration(endpoint)));
        Assert.Contains(endpoint, exception.Message, StringComparison.Ordinal);
        Assert.Contains("http://localhost:4317", exception.Message, StringComparison.Ordinal);
    }

    /// <summary>A collector that takes the connection and never answers is the worst case: nothing fails, everything waits.</summary>
    [Theory]
    [InlineData("grpc")]
    [InlineData("http/protobuf")]
    public async Task Collector_that_does_not_answer_holds_up_neither_work_nor_the_end(string protocol)
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var configuration = Configuration($"http://{silent.LocalEndpoint}", protocol);
        Assert.True(TelemetryPipeline.IsOn(configuration));
        var provider = Build(configuration);
        var log = provider.GetRequiredService<ILoggerFactory>().CreateLogger("test");

        var started = Stopwatch.GetTimestamp();
        for (var span = 0; span < 10_000; span++)
        {
            using var activity = OrleansEdgeTelemetry.Start(OrleansEdgeTelemetry.RoundOpened, null, Round);
            Assert.NotNull(activity);
        }

        log.LogWarning("something");
        var worked = Stopwatch.GetElapsedTime(started);
        await TelemetryPipeline.Flush(provider);
        await provider.DisposeAsync();
        var ended = Stopwatch.GetElapsedTime(started) - worked;

        Assert.InRange(worked, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        Assert.InRange(ended, TimeSpan.Zero, TelemetryPipeline.FlushLimit * 2);
        Assert.False(OrleansEdgeTelemetry.Source.HasListeners());
    }

    private static ServiceProvider Build(IConfiguration configuration)
    {
        var services = new ServiceCollection();
        services.AddSingleton(configuration);
        services.AddLogging();
        TelemetryPipeline.Add(services, "test", "instance");
        var provider = services.BuildServiceProvider();
        provider.GetRequiredService<TracerProvider>();
        provider.GetRequiredService<MeterProvider>();
        return provider;
    }

    private static IConfiguration Configuration(string? endpoint, string protocol = "grpc") => new ConfigurationBuilder()
        .AddInMemoryCollection(new Dictionary<string, string?>
        {
            [TelemetryPipeline.EndpointVariable] = endpoint,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = protocol,
            ["OTEL_BSP_SCHEDULE_DELAY"] = "10",
        })
        .Build();
}
