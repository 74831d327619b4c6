using System.Collections.Immutable;

namespace OrleansEdge.Grains.Retention.Marking;

/// <summary>A published version whose record is there, and how good it is where it was measured.</summary>
internal readonly record struct MeasuredVersion(int Number, double? Accuracy = null, double? Loss = null);

/// <summary>Why a version is kept; the first that holds, in this order.</summary>
public enum KeepReason
{
    /// <summary>It is the newest.</summary>
    Head = 0,

    /// <summary>It is promoted, or a rollback can come back to it.</summary>
    Promoted = 1,

    /// <summary>A job that is not over begins from it, trains on from it, or has just published it.</summary>
    InUse = 2,

    /// <summary>It is the best by the policy's metric.</summary>
    Best = 3,

    /// <summary>It is one of the newest.</summary>
    Recent = 4,
}

/// <summary>A version that is kept.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Reason">Why.</param>
public readonly record struct KeptVersion(int Number, KeepReason Reason);

/// <summary>What becomes of the versions of a model.</summary>
/// <param name="Kept">Those that are kept, the newest first.</param>
/// <param name="Pruned">The others, the newest first.</param>
internal sealed record RetentionDecision(ImmutableArray<KeptVersion> Kept, ImmutableArray<int> Pruned);

/// <summary>Decides which versions of a model are kept.</summary>
internal static class VersionRetention
{
    /// <summary>Decides.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="versions">All published versions whose records are there, in any order.</param>
    /// <param name="promoted">The numbers of promoted versions.</param>
    /// <param name="inUse">The numbers of versions that running jobs need.</param>
    public static RetentionDecision Decide(
        RetentionPolicy policy, IReadOnlyCollection<MeasuredVersion> versions, IReadOnlySet<int> promoted, IReadOnlySet<int> inUse)
    {
        var newestFirst = versions.OrderByDescending(version => version.Number).ToImmutableArray();
        var best = Best(policy.KeepBest, newestFirst);
        var kept = ImmutableArray.CreateBuilder<KeptVersion>();
        var pruned = ImmutableArray.CreateBuilder<int>();
        foreach (var (place, version) in newestFirst.Index())
        {
            if (Reason(place, version.Number) is { } reason)
            {
                kept.Add(new(version.Number, reason));
            }
            else
            {
                pruned.Add(version.Number);
            }
        }

        return new(kept.ToImmutable(), pruned.ToImmutable());

        KeepReason? Reason(int place, int number) =>
            place == 0 ? KeepReason.Head
            : promoted.Contains(number) ? KeepReason.Promoted
            : inUse.Contains(number) ? KeepReason.InUse
            : number == best ? KeepReason.Best
            : policy.KeepLast is not { } last || place < last ? KeepReason.Recent
            : null;
    }

    /// <summary>The best version that was measured, the newest of equals; null if none was.</summary>
    private static int? Best(RetentionMetric? metric, ImmutableArray<MeasuredVersion> newestFirst) => newestFirst
        .Select(version => (version.Number, Badness: metric switch
        {
            RetentionMetric.Accuracy => -version.Accuracy,
            RetentionMetric.Loss => version.Loss,
            _ => null,
        }))
        .Where(version => version.Badness is { } badness && !double.IsNaN(badness))
        .OrderBy(version => version.Badness)
        .Select(version => (int?)version.Number)
        .FirstOrDefault();
}
