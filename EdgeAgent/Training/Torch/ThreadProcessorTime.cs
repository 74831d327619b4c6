using System.Runtime.InteropServices;

namespace OrleansEdge.EdgeAgent.Training.Torch;

/// <summary>Measures the processor time of the calling thread; on systems other than 64-bit Linux, elapsed time.</summary>
internal readonly partial struct ThreadProcessorTime
{
    private const int ThreadClock = 3;

    private readonly TimeProvider timeProvider;
    private readonly long startTimestamp;
    private readonly TimeSpan? startProcessor;

    private ThreadProcessorTime(TimeProvider timeProvider)
    {
        this.timeProvider = timeProvider;
        startTimestamp = timeProvider.GetTimestamp();
        startProcessor = Read();
    }

    /// <summary>The time since the start; ask on the thread that started.</summary>
    public TimeSpan Elapsed => startProcessor is { } start && Read() is { } now ? now - start : timeProvider.GetElapsedTime(startTimestamp);

    /// <summary>Starts measuring.</summary>
    public static ThreadProcessorTime Start(TimeProvider timeProvider) => new(timeProvider);

    private static TimeSpan? Read() => OperatingSystem.IsLinux() && Environment.Is64BitProcess && GetTime(ThreadClock, out var time) == 0
        ? TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromTicks(time.Nanoseconds / TimeSpan.NanosecondsPerTick)
        : null;

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out Timespec time);

    private readonly record struct Timespec(long Seconds, long Nanoseconds);
}
