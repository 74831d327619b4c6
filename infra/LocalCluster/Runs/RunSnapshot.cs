using System.Collections.Immutable;
using OrleansEdge.Grains.Jobs;
using OrleansEdge.LocalCluster.Faults;
using OrleansEdge.LocalCluster.Hierarchy;
using OrleansEdge.LocalCluster.Sites;

namespace OrleansEdge.LocalCluster.Runs;

/// <summary>How a run stands, for a display.</summary>
internal sealed record RunSnapshot
{
    /// <summary>What runs, a line each.</summary>
    public ImmutableArray<string> Header { get; init; } = [];

    /// <summary>What is going on, where there is no round to show.</summary>
    public string Activity { get; init; } = "";

    /// <summary>The number of rounds.</summary>
    public int Rounds { get; init; }

    /// <summary>The job; null before it is submitted.</summary>
    public JobProgress? Job { get; init; }

    /// <summary>The finished rounds.</summary>
    public ImmutableList<RoundRecord> Finished { get; init; } = [];

    /// <summary>What was done to processes.</summary>
    public ImmutableList<Fault> Faults { get; init; } = [];

    /// <summary>The sites below the root.</summary>
    public ImmutableArray<SiteProgress> Sites { get; init; } = [];

    /// <summary>Bytes from participants.</summary>
    public long BytesUp { get; init; }

    /// <summary>Bytes to participants.</summary>
    public long BytesDown { get; init; }

    /// <summary>Since the run began.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>The wall clock, to compare with the rounds' records.</summary>
    public DateTimeOffset Now { get; init; }

    /// <summary>The accuracy that was measured last; null before.</summary>
    public double? Accuracy => Job?.Evaluation?.Accuracy;

    /// <summary>The time that the rounds to come will take, if they take as long as those before; null before the first is over.</summary>
    public TimeSpan? TimeLeft
    {
        get
        {
            if (Finished.Count == 0 || Job is null)
            {
                return null;
            }

            var first = Finished[0];
            var last = Finished[^1];
            var perRound = Finished.Count == 1 ? TimeSpan.FromSeconds(first.Seconds) : (last.EndedAt - first.EndedAt) / (Finished.Count - 1);
            var left = (perRound * (Rounds - last.Round)) - (Now - last.EndedAt);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }
}
