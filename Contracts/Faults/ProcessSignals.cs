using System.Runtime.InteropServices;

namespace OrleansEdge.Contracts.Faults;

/// <summary>The signals that .NET cannot send. There are none on Windows.</summary>
public static class ProcessSignals
{
    /// <summary>Stops a process: it does nothing until it is continued.</summary>
    public static void Stop(int process) => Send(process, OperatingSystem.IsMacOS() ? 17 : 19);

    /// <summary>Continues a process that was stopped.</summary>
    public static void Continue(int process) => Send(process, OperatingSystem.IsMacOS() ? 19 : 18);

    /// <summary>Asks a process to end in good order.</summary>
    public static void Terminate(int process) => Send(process, 15);

    // A process that is gone already needs no signal.
    private static void Send(int process, int signal) => _ = Kill(process, signal);

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);
}
