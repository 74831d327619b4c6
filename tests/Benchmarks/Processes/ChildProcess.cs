using System.Diagnostics;

namespace OrleansEdge.Benchmarks.Processes;

/// <summary>A process of the measured system: its output goes to a file, and it ends with this one, because its standard input does.</summary>
internal sealed class ChildProcess : IDisposable
{
    private const int ShutdownMilliseconds = 5_000;
    private const string ParentPipeVariable = "ORLEANSEDGE_PARENT_PIPE";

    private readonly Process _process;
    private readonly string _log;

    private ChildProcess(Process process, string log)
    {
        _process = process;
        _log = log;
        _ = Copy(process.StandardOutput, log);
        _ = Copy(process.StandardError, log + ".errors");
    }

    /// <summary>The process id.</summary>
    public int Id => _process.Id;

    /// <summary>Starts a program that was built beside this one.</summary>
    /// <param name="assembly">The path of its assembly.</param>
    /// <param name="log">The file for its output.</param>
    /// <param name="arguments">Its arguments.</param>
    public static ChildProcess Start(string assembly, string log, params IEnumerable<string> arguments) => Start(assembly, log, [], arguments);

    /// <summary>Starts a program that was built beside this one.</summary>
    /// <param name="assembly">The path of its assembly.</param>
    /// <param name="log">The file for its output.</param>
    /// <param name="environment">Variables besides the inherited ones.</param>
    /// <param name="arguments">Its arguments.</param>
    public static ChildProcess Start(
        string assembly, string log, IEnumerable<KeyValuePair<string, string>> environment, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [assembly, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[ParentPipeVariable] = "1";
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new(Process.Start(start)!, log);
    }

    /// <summary>Starts this program with another verb.</summary>
    public static ChildProcess StartSelf(string log, params IEnumerable<string> arguments) => Start(typeof(ChildProcess).Assembly.Location, log, arguments);

    /// <summary>Starts this program with another verb and with variables besides the inherited ones.</summary>
    public static ChildProcess StartSelf(string log, IReadOnlyDictionary<string, string> environment, params IEnumerable<string> arguments) =>
        Start(typeof(ChildProcess).Assembly.Location, log, environment, arguments);

    /// <summary>The path of another project's assembly of the same build.</summary>
    public static string AssemblyOf(string project)
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory);
        var path = Path.Combine(own.Parent!.Parent!.FullName, project, own.Name, project + ".dll");
        return File.Exists(path) ? path : throw new BenchmarkException($"{project} is not built: run 'dotnet build -c Release {project}' first.");
    }

    /// <summary>Completes when this process ends with the one that started it: its standard input ends.</summary>
    public static async Task ParentEnded()
    {
        await using var input = Console.OpenStandardInput();
        var buffer = new byte[1];
        while (await input.ReadAsync(buffer) > 0)
        {
            // What the parent writes does not matter; that it is there does.
        }
    }

    /// <summary>Ends when the process has ended.</summary>
    public Task Ended => _process.WaitForExitAsync();

    /// <summary>Complains if the process has ended.</summary>
    /// <exception cref="BenchmarkException">It has.</exception>
    public void RequireAlive()
    {
        if (_process.HasExited)
        {
            throw new BenchmarkException($"a process has ended with exit code {_process.ExitCode}: see {_log}.");
        }
    }

    /// <summary>Asks the process to end.</summary>
    public void Stop() => _process.StandardInput.Close();

    /// <inheritdoc/>
    public void Dispose()
    {
        Stop();
        if (!_process.WaitForExit(ShutdownMilliseconds))
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private static async Task Copy(StreamReader source, string log)
    {
        await using var file = File.Create(log);
        await source.BaseStream.CopyToAsync(file);
    }
}

/// <summary>A measurement cannot be made. The message is one sentence for a person.</summary>
internal sealed class BenchmarkException(string message) : Exception(message);
