using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Placement;
using Orleans.Serialization;
using OrleansEdge.Contracts.Faults;
using OrleansEdge.Grains.Jobs;
using OrleansEdge.Grains.Models;
using OrleansEdge.Grains.Participants;
using OrleansEdge.Grains.Placement;
using OrleansEdge.Grains.Retention;
using OrleansEdge.Grains.Rounds;
using OrleansEdge.Grains.Storage;
using OrleansEdge.Grains.Storage.Content;
using OrleansEdge.Grains.Strategies;

namespace OrleansEdge.Grains.Coordination;

/// <summary>What the grains need from a silo's container.</summary>
public static class CoordinationServices
{
    /// <summary>Adds everything but the blob store, which the host chooses.</summary>
    public static IServiceCollection AddCoordination(this IServiceCollection services)
    {
        services.AddOptions<CoordinationOptions>();
        services.AddProductExceptions();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(FaultSwitch.Disarmed);
        services.AddSingleton(provider => new ContentStore(provider.GetRequiredService<IBlobStore>()));
        services.AddSingleton(provider => new ContentCache(provider.GetRequiredService<ContentStore>()));
        services.AddSingleton<ManifestStore>();
        services.AddSingleton<VersionStore>();
        services.AddSingleton<ContentHold>();
        services.AddSingleton<VersionPublisher>();
        services.AddSingleton<JobRecords>();
        services.AddSingleton<JobCrew>();
        services.AddSingleton<JobSteps>();
        services.AddSingleton<AssignedSteps>();
        services.AddSingleton<StrategyDeclarations>();
        services.AddSingleton(StrategyCatalogue.BuiltIn);
        services.AddSingleton<RoundCloser>();
        services.AddSingleton<FoldScheduler>();
        services.AddSingleton<FleetCensus>();
        services.AddSingleton(provider => new PermitBudget(
            Options(provider).InFlightBudget, Options(provider).InFlightPerParticipant, Options(provider).PermitLifetime, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new StagingArea(
            Options(provider).StagingMemory, SpillFolder(Options(provider)), Options(provider).StagedPerParticipant));
        services.AddPlacementFilter<NearJobFilter, NearJobDirector>(ServiceLifetime.Singleton);
        return services.AddRetention();
    }

    private static IServiceCollection AddRetention(this IServiceCollection services)
    {
        services.AddOptions<RetentionOptions>();
        services.AddSingleton<IReferenceHolders, GrainReferenceHolders>();
        services.AddSingleton<VersionPruner>();
        services.AddSingleton<ContentCollector>();
        services.AddSingleton<RoundCollector>();
        return services.AddSingleton<SiteRetention>();
    }

    /// <summary>
    /// Lets this product's exceptions go from one silo to another. Otherwise the one at the other end is that there is no codec for it, and what
    /// is the matter is lost.
    /// </summary>
    internal static IServiceCollection AddProductExceptions(this IServiceCollection services) =>
        services.Configure<ExceptionSerializationOptions>(options => options.SupportedNamespacePrefixes.Add(nameof(OrleansEdge)));

    /// <summary>Offers the gauges of what the silo holds: permits, staged updates, participants.</summary>
    public static IServiceCollection AddCoordinationMetrics(this IServiceCollection services) => services.AddHostedService<CoordinationMetrics>();

    private static CoordinationOptions Options(IServiceProvider provider) => provider.GetRequiredService<IOptions<CoordinationOptions>>().Value;

    private static string SpillFolder(CoordinationOptions options) =>
        Path.Combine(options.SpillFolder ?? Path.GetTempPath(), $"orleansedge-spill-{Environment.ProcessId}");
}
