using System.Diagnostics;
using System.Text.Json;

namespace OrleansEdge.EndToEnd.Tests.LocalCluster;

/// <summary>The built LocalCluster, run as a process, with a mark in its environment by which all that it starts is found.</summary>
internal sealed class ClusterProcess : IDisposable
{
    private const string MarkVariable = "ORLEANSEDGE_TEST_MARK";
    private readonly string mark = Guid.NewGuid().ToString("N");
    private readonly Process process;
    private readonly Task<string> output;
    private readonly List<string> errorLines = [];
    private readonly Task errors;
    private readonly Dictionary<string, TaskCompletionSource> awaited = [];

    private ClusterProcess(string temporary, string[] arguments)
    {
        // Started in the background by a shell, this process ignores the signal of Ctrl-C, and what it starts would, too.
        var dotnet = Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";
        var info = new ProcessStartInfo("env", ["--default-signal=INT", dotnet, "exec", ProgramPath(), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        info.Environment[MarkVariable] = mark;
        info.Environment["TMPDIR"] = temporary;
        process = Process.Start(info)!;
        output = process.StandardOutput.ReadToEndAsync();
        errors = ReadErrors();
    }

    /// <summary>What it wrote on standard error so far.</summary>
    public string Errors
    {
        get
        {
            lock (errorLines)
            {
                return string.Join('\n', errorLines);
            }
        }
    }

    public static ClusterProcess Start(string temporary, params string[] arguments) => new(temporary, arguments);

    /// <summary>Runs it to its end.</summary>
    public static async Task<ClusterResult> Run(string temporary, params string[] arguments)
    {
        using var cluster = Start(temporary, arguments);
        return await cluster.WaitForEnd();
    }

    public async Task<ClusterResult> WaitForEnd()
    {
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        var text = await output;
        await errors;
        return new(process.ExitCode, text, Errors);
    }

    /// <summary>Waits for a line on standard error that begins so; fails if the process ends before.</summary>
    public async Task WaitForLine(string beginning)
    {
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (errorLines)
        {
            if (errorLines.Exists(line => line.StartsWith(beginning, StringComparison.Ordinal)))
            {
                return;
            }

            awaited.Add(beginning, seen);
        }

        Assert.Same(seen.Task, await Task.WhenAny(seen.Task, errors));
    }

    /// <summary>Sends a signal by its name.</summary>
    public async Task Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{process.Id}"]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>The living processes that it started, itself included.</summary>
    public IReadOnlyList<int> LivingProcesses() =>
    [
        .. Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), out var id) ? id : 0)
            .Where(id => id > 0 && IsMarked(id)),
    ];

    /// <summary>What one of the processes that it started was given for an option.</summary>
    public string ArgumentOf(string option) => LivingProcesses()
        .Select(id => File.ReadAllText($"/proc/{id}/cmdline").Split('\0'))
        .Where(arguments => arguments.Contains(option))
        .Select(arguments => arguments[Array.IndexOf(arguments, option) + 1])
        .First();

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
        }

        process.Dispose();
    }

    private static string ProgramPath()
    {
        var own = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
        return Path.GetFullPath(Path.Combine(own, "..", "..", "LocalCluster", Path.GetFileName(own), "LocalCluster.dll"));
    }

    private bool IsMarked(int id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/environ").Contains($"{MarkVariable}={mark}", StringComparison.Ordinal);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private async Task ReadErrors()
    {
        while (await process.StandardError.ReadLineAsync() is { } line)
        {
            lock (errorLines)
            {
                errorLines.Add(line);
                foreach (var (_, seen) in awaited.Where(pair => line.StartsWith(pair.Key, StringComparison.Ordinal)))
                {
                    seen.TrySetResult();
                }
            }
        }
    }
}

/// <summary>What came of it.</summary>
internal sealed record ClusterResult(int ExitCode, string Output, string Errors)
{
    /// <summary>The last line of standard output, as JSON.</summary>
    public JsonElement Report => JsonDocument.Parse(Output.TrimEnd('\n').Split('\n')[^1]).RootElement;

    public string Weights => Report.GetProperty("weights").GetString()!;
}
