using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.EdgeAgent.Commands;

namespace OrleansEdge.EdgeAgent.Training.Torch;

/// <summary>What a TorchScript file may use while it is tried.</summary>
/// <param name="Memory">Memory for loading and running it, in bytes; default 4 GiB.</param>
/// <param name="Time">Time until the trial is ended; default one minute.</param>
internal sealed record ProbeLimits(long Memory, TimeSpan Time)
{
    /// <summary>4 GiB and one minute.</summary>
    public static ProbeLimits Default { get; } = new(4L << 30, TimeSpan.FromMinutes(1));
}

/// <summary>
/// Tries a TorchScript file in a process of its own, with limits, before it is loaded into this one: such a file is a program, which may
/// allocate without bound, never end, or crash. What passed is remembered by the file's hash.
/// </summary>
internal sealed class TorchScriptProbe(ProbeLimits limits, TimeProvider timeProvider)
{
    private const string Program = "EdgeAgent";
    private readonly ConcurrentDictionary<(ContentHash, string), Lazy<Task>> checks = new();

    /// <summary>Returns when the file loads, runs forward and backward on two examples, and gives the outputs that are needed.</summary>
    /// <param name="file">The file.</param>
    /// <param name="hash">The file's hash, where it is known; otherwise it is computed.</param>
    /// <param name="shape">What goes in and must come out.</param>
    /// <param name="cancellation">Ends the wait; the trial itself ends by its own time limit.</param>
    /// <exception cref="ModelException">The file was refused; the message says why.</exception>
    public async Task CheckAsync(TorchScriptFile file, ContentHash? hash, NetworkShape shape, CancellationToken cancellation)
    {
        var key = (hash ?? await HashAsync(file, cancellation).ConfigureAwait(false), $"{shape.InputText}>{shape.Outputs}");
        var check = checks.GetOrAdd(key, _ => new(() => RunAsync(file, shape)));
        try
        {
            await check.Value.WaitAsync(cancellation).ConfigureAwait(false);
        }
        catch (Exception) when (check.Value.IsFaulted)
        {
            // A refusal may be due to the machine's state, and the next attempt may come with more memory free.
            checks.TryRemove(KeyValuePair.Create(key, check));
            throw;
        }
    }

    private static async Task<ContentHash> HashAsync(TorchScriptFile file, CancellationToken cancellation)
    {
        try
        {
            return ContentHash.Of(await File.ReadAllBytesAsync(file.Path, cancellation).ConfigureAwait(false));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new ModelException($"{file.Name} cannot be read: check the path and its permissions.", fault);
        }
    }

    private async Task RunAsync(TorchScriptFile file, NetworkShape shape)
    {
        using var process = Start(file, shape);
        using var timeout = new CancellationTokenSource(limits.Time, timeProvider);
        var output = LastWords.ReadAsync(process.StandardOutput);
        var errors = LastWords.ReadAsync(process.StandardError);
        try
        {
            await process.WaitForExitAsync(timeout.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            throw new ModelException(
                $"{file.Name} did not finish a trial on two examples within {limits.Time.TotalSeconds:0.#} seconds: " +
                "use a smaller network, or allow the probe more time.");
        }
        finally
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        }

        var words = await output.ConfigureAwait(false);
        await errors.ConfigureAwait(false);
        Judge(file.Name, process.ExitCode, words);
    }

    private void Judge(string name, int exitCode, string words)
    {
        var refusal = words.Split('\n').LastOrDefault(line => line.StartsWith(ProbeModelCommand.RefusalMark, StringComparison.Ordinal));
        if (exitCode == ProbeModelCommand.Refused && refusal is not null)
        {
            throw new ModelException(refusal[ProbeModelCommand.RefusalMark.Length..].Trim());
        }

        if (exitCode != 0)
        {
            throw new ModelException(
                $"{name} made a trial process end with code {exitCode}, as happens when memory runs out ({limits.Memory >> 20} MiB were allowed) " +
                "or native code crashes: use a smaller network, or save it again with a current PyTorch.");
        }
    }

    private Process Start(TorchScriptFile file, NetworkShape shape)
    {
        var start = new ProcessStartInfo { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        ChooseProgram(start);
        foreach (var argument in ProbeModelCommand.Arguments(file, shape, limits))
        {
            start.ArgumentList.Add(argument);
        }

        try
        {
            return Process.Start(start)!;
        }
        catch (Exception fault) when (fault is Win32Exception or InvalidOperationException)
        {
            throw new ModelException($"{file.Name} cannot be tried, because {start.FileName} does not start: {fault.Message.TrimEnd('.')}.", fault);
        }
    }

    // This program itself where it runs; in a test or another host, the program that was built beside it.
    private static void ChooseProgram(ProcessStartInfo start)
    {
        var executable = OperatingSystem.IsWindows() ? $"{Program}.exe" : Program;
        var beside = Path.Combine(AppContext.BaseDirectory, executable);
        if (Path.GetFileName(Environment.ProcessPath) == executable)
        {
            start.FileName = Environment.ProcessPath!;
        }
        else if (File.Exists(beside))
        {
            start.FileName = beside;
        }
        else
        {
            start.FileName = "dotnet";
            start.ArgumentList.Add(Path.ChangeExtension(beside, ".dll"));
        }

        // The program looks for .NET where it is installed; this process may have been started with another one.
        var runtime = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(RuntimeEnvironment.GetRuntimeDirectory()));
        if (Path.GetDirectoryName(Path.GetDirectoryName(runtime)) is { } root)
        {
            start.Environment.TryAdd("DOTNET_ROOT", root);
        }
    }
}
