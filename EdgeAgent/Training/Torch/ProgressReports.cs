namespace OrleansEdge.EdgeAgent.Training.Torch;

/// <summary>Reports the share of steps done, at most four times a second, and the last step always.</summary>
internal sealed class ProgressReports(IProgress<double>? progress, TimeProvider timeProvider, long steps)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private long done;
    private long last = timeProvider.GetTimestamp();

    /// <summary>Counts a step.</summary>
    public void Step()
    {
        done++;
        if (progress is null || (done < steps && timeProvider.GetElapsedTime(last) < Interval))
        {
            return;
        }

        last = timeProvider.GetTimestamp();
        progress.Report(done / (double)steps);
    }
}
