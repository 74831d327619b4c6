using System.Globalization;
using Orleans.Placement;
using Orleans.Runtime.Placement;

namespace OrleansEdge.Grains.Placement;

/// <summary>
/// Of the silos that could take a grain, the one that its key names: <c>job</c>, <c>job:round</c> and <c>job:round:describe</c> go to the first in the
/// job's <see cref="SiloOrder"/>, <c>job:round:shard</c> to the one that many places further on. A silo that is gone is no longer among them, and
/// its place is taken by the next.
/// </summary>
internal sealed class NearJobDirector : IPlacementFilterDirector
{
    public IEnumerable<SiloAddress> Filter(PlacementFilterStrategy filterStrategy, PlacementTarget target, IEnumerable<SiloAddress> silos)
    {
        var ordered = SiloOrder.Of(JobOf(target.GrainIdentity), silos);
        return ordered.Length == 0 ? ordered : [ordered[PlacesOn(target.GrainIdentity) % ordered.Length]];
    }

    private static string JobOf(GrainId grain) => grain.Key.ToString()!.Split(':')[0];

    private static int PlacesOn(GrainId grain) =>
        grain.Key.ToString()!.Split(':') is [_, _, var last] && int.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out var shard) ? shard : 0;
}
