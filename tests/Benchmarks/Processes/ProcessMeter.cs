using System.Globalization;

namespace OrleansEdge.Benchmarks.Processes;

/// <summary>What Linux knows of a process.</summary>
internal static class ProcessMeter
{
    /// <summary>The unit of processor time in <c>/proc/PID/stat</c>: 100 ticks a second on every Linux that .NET runs on.</summary>
    private const double TicksPerSecond = 100;

    /// <summary>Fields of <c>/proc/PID/stat</c> behind the program's name, from 0: time in user mode, then in the kernel.</summary>
    private const int UserTimeField = 11;

    /// <summary>Processor time so far, in seconds.</summary>
    public static double ProcessorSeconds(int process)
    {
        var text = File.ReadAllText($"/proc/{process}/stat");
        var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        return (Number(fields[UserTimeField]) + Number(fields[UserTimeField + 1])) / TicksPerSecond;
    }

    /// <summary>The largest resident memory so far (VmHWM), in 10⁶ bytes. Page cache is not in it.</summary>
    public static double PeakMegabytes(int process)
    {
        var line = File.ReadLines($"/proc/{process}/status").First(text => text.StartsWith("VmHWM:", StringComparison.Ordinal));
        return Number(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]) * 1024 / 1e6;
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
