using OrleansEdge.Grains.Coordination;

namespace OrleansEdge.Grains.Tests.Cluster;

/// <summary>The waits of a silo under test: short, so that tests are.</summary>
internal static class TestTimes
{
    public static void Apply(CoordinationOptions options, string spillFolder)
    {
        options.LongPoll = TimeSpan.FromMilliseconds(300);
        options.AnnounceInterval = TimeSpan.FromMilliseconds(50);
        options.PumpPeriod = TimeSpan.FromMilliseconds(30);
        options.Liveness = TimeSpan.FromSeconds(2);
        options.RecoveryGrace = TimeSpan.FromSeconds(20);
        options.PermitLifetime = TimeSpan.FromMilliseconds(300);
        options.PermitRetry = TimeSpan.FromMilliseconds(10);
        options.SpillFolder = spillFolder;
    }
}
