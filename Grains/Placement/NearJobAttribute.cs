using Orleans.Placement;

namespace OrleansEdge.Grains.Placement;

/// <summary>Keeps the grains of one job in one silo, and spreads a round's shards over the silos from there: see <see cref="NearJobDirector"/>.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class NearJobAttribute() : PlacementFilterAttribute(new NearJobFilter());

/// <summary>What <see cref="NearJobAttribute"/> writes into a grain's properties; the runtime makes it without arguments.</summary>
internal sealed class NearJobFilter() : PlacementFilterStrategy(order: 0);
