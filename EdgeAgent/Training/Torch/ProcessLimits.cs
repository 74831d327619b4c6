using System.Runtime.InteropServices;

namespace OrleansEdge.EdgeAgent.Training.Torch;

/// <summary>Limits that the process sets on itself before it runs foreign code. Without effect on systems other than 64-bit Linux.</summary>
internal static partial class ProcessLimits
{
    private const int ProcessorSeconds = 0;
    private const int AddressSpace = 9;

    /// <summary>Allows this much memory on top of what the process has mapped already, of which .NET reserves far more than it uses.</summary>
    /// <param name="bytes">Further address space, in bytes; more than that fails to allocate.</param>
    public static void LimitFurtherMemory(long bytes)
    {
        if (!OperatingSystem.IsLinux() || !Environment.Is64BitProcess)
        {
            return;
        }

        var mappedPages = ulong.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[0]);
        Set(AddressSpace, mappedPages * (ulong)Environment.SystemPageSize + (ulong)bytes);

        // Should the machine itself run short first, the kernel ends this process and not the agent.
        File.WriteAllText("/proc/self/oom_score_adj", "1000");
    }

    /// <summary>Has the kernel end the process after this much processor time, should nobody else be left to do so.</summary>
    public static void LimitProcessorTime(TimeSpan time)
    {
        if (OperatingSystem.IsLinux() && Environment.Is64BitProcess)
        {
            Set(ProcessorSeconds, (ulong)Math.Ceiling(time.TotalSeconds));
        }
    }

    private static void Set(int resource, ulong limit)
    {
        if (SetLimit(resource, new(limit, limit)) != 0)
        {
            throw new ModelException(
                $"The system refused a limit on this process (error {Marshal.GetLastPInvokeError()}), so the model was not tried.");
        }
    }

    [LibraryImport("libc", EntryPoint = "setrlimit", SetLastError = true)]
    private static partial int SetLimit(int resource, in Limit limit);

    private readonly record struct Limit(ulong Soft, ulong Hard);
}
