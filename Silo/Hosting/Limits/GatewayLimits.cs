using Microsoft.Extensions.Options;
using Orleans.Configuration;
using OrleansEdge.Grains.Identity;
using OrleansEdge.Silo.Identity.Gateway;

namespace OrleansEdge.Silo.Hosting.Limits;

/// <summary>Looks after the limits of a silo's ports: once a second it closes what is overdue and forgets what is long ago.</summary>
internal sealed class GatewayLimits(PortLimits connections, MessageGuard messages, CallerRates callers, Refusals refusals, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken).AsTask().ContinueWith(tick => tick.IsCompletedSuccessfully && tick.Result, TaskScheduler.Default))
        {
            messages.Check();
            messages.Forget();
            connections.Forget();
            callers.Forget();
            refusals.Forget();
        }
    }
}

/// <summary>Adds the limits to a silo.</summary>
internal static class GatewayLimitsExtensions
{
    /// <summary>Adds what the limits consist of.</summary>
    public static void AddGatewayLimits(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<GatewayLimitOptions>(configuration, GatewayLimitOptions.Section);
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<GatewayLimitOptions>>().Value);
        services.AddSingleton<Refusals>();
        services.AddSingleton<PortLimits>();

        // Where calls carry no tokens, each connection is its own caller.
        services.AddSingleton(provider => new CallerRates(
            provider.GetRequiredService<GatewayLimitOptions>(), provider.GetService<AccessTokens>() is { } tokens ? tokens.Find : _ => default,
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<MessageGuard>();
        services.AddSingleton<CallLimit>();
        services.AddHostedService<GatewayLimits>();
    }

    /// <summary>Counts connections; comes before all that reads from them, encryption included.</summary>
    public static void LimitConnections(this ISiloBuilder silo) => silo.Services.AddOptions<SiloConnectionOptions>().Configure<PortLimits>(
        (options, limits) =>
        {
            options.ConfigureGatewayInboundConnection(connection => connection.UseMiddleware(limits.Gateway));
            options.ConfigureSiloInboundConnection(connection => connection.UseMiddleware(limits.Silos));
        });

    /// <summary>Counts calls in flight.</summary>
    public static void LimitCalls(this ISiloBuilder silo) => silo.Services.AddSingleton<IIncomingGrainCallFilter>(provider => provider.GetRequiredService<CallLimit>());

    /// <summary>Looks at messages; comes after encryption.</summary>
    public static void GuardMessages(this ISiloBuilder silo) => silo.Services.AddOptions<SiloConnectionOptions>().Configure<MessageGuard>(
        (options, guard) => options.ConfigureGatewayInboundConnection(connection => connection.UseMiddleware(guard)));
}
