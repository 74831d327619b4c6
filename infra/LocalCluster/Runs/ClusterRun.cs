using OrleansEdge.Contracts.Identity;
using OrleansEdge.Grains.Jobs;
using OrleansEdge.LocalCluster.Display;
using OrleansEdge.LocalCluster.Faults;
using OrleansEdge.LocalCluster.Hierarchy;
using OrleansEdge.LocalCluster.Jobs;
using OrleansEdge.LocalCluster.Processes;
using OrleansEdge.LocalCluster.Storage;
using Spectre.Console;

namespace OrleansEdge.LocalCluster.Runs;

/// <summary>One run from the first process to the last.</summary>
internal static class ClusterRun
{
    private const int FailureExitCode = 1;

    /// <summary>Runs; when it returns or throws, no process is left, and no file unless the user wants them.</summary>
    /// <returns>The exit code: 0 only if the job completed.</returns>
    /// <exception cref="FormatException">The job file or the work folder cannot be used.</exception>
    public static async Task<int> Run(ClusterOptions options, TimeProvider time, CancellationToken cancellation)
    {
        var job = LocalJob.Load(options);
        var isLive = !options.Json && !Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities.Ansi;
        IRunDisplay display = isLive ? new TerminalDisplay(AnsiConsole.Console) : new PlainDisplay(options.Json ? Console.Error : Console.Out);
        RunReport report;
        using (var work = WorkFolder.Open(options.Work, options.Keep))
        {
            report = await Attempt(options, job, work, display, time, cancellation);
        }

        await Write(report, options);
        return report.Error is null ? 0 : FailureExitCode;
    }

    private static async Task<RunReport> Attempt(
        ClusterOptions options, LocalJob job, WorkFolder work, IRunDisplay display, TimeProvider time, CancellationToken cancellation)
    {
        var report = new RunReport { Job = job.Definition.Job.Value, Model = job.Definition.Model.Value, Work = work.IsKept ? work.Path : null };
        try
        {
            // Sites leave their operators' credentials there; one of another site is no use.
            Environment.SetEnvironmentVariable(OperatorCredential.FolderVariable, work.Home);
            Environment.SetEnvironmentVariable(OperatorCredential.Variable, null);
            Environment.SetEnvironmentVariable(OperatorCredential.FileVariable, null);
            await File.WriteAllTextAsync(work.JobFile, job.FileText, cancellation);
            var programs = ProgramFiles.Locate(AppContext.BaseDirectory);
            await using var hierarchy = new LocalHierarchy(options, work, programs, job.Definition.Data, time);
            var watch = new JobWatch(options, job, hierarchy, work, time);
            return await display.Show(show => watch.Run(report, show, cancellation));
        }
        catch (ClusterException exception) when (!cancellation.IsCancellationRequested)
        {
            var hint = work.IsKept ? "" : "\n(--keep keeps the logs.)";
            return report with { Error = exception.Message + hint };
        }
        catch (Exception exception) when (cancellation.IsCancellationRequested && exception is OperationCanceledException or ClusterException)
        {
            return report with { Error = "Interrupted: all processes are ended." };
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return report with { Error = $"The work folder {work.Path} cannot be written: {exception.Message}" };
        }
    }

    private static async Task Write(RunReport report, ClusterOptions options)
    {
        if (report.Error is not null)
        {
            await Console.Error.WriteLineAsync(report.Error);
        }

        if (options.Json)
        {
            await Console.Out.WriteLineAsync(report.ToJson());
            return;
        }

        foreach (var line in Lines(report, options))
        {
            await Console.Out.WriteLineAsync(line);
        }
    }

    private static IEnumerable<string> Lines(RunReport report, ClusterOptions options)
    {
        if (report.Phase == JobPhase.Completed)
        {
            var measured = report.Accuracy is { } accuracy ? $"accuracy {Wording.Share(accuracy)}"
                : report.Loss is { } loss ? $"loss {Wording.Loss(loss)}" : "not measured";
            yield return $"{report.Model}@{report.Version}: {measured} after {report.Rounds} rounds " +
                $"in {Wording.Duration(TimeSpan.FromSeconds(report.Seconds))}, " +
                $"{Wording.Bytes(report.BytesUp)} up and {Wording.Bytes(report.BytesDown)} down";
            yield return $"weights {report.Weights}";
        }

        foreach (var site in report.Sites ?? [])
        {
            yield return Wording.Site(site);
        }

        foreach (var line in FaultTable.Lines(report.Faults))
        {
            yield return line;
        }

        if (report.Work is not null)
        {
            yield return $"Everything is in {report.Work}.";
        }

        if (report is { Phase: JobPhase.Completed, Work: not null } && options.Storage == StorageKind.Azurite)
        {
            yield return $"The model is in the files of Azurite there; in a site that stays, it would be exported with 'models export {report.Model}@{report.Version}'.";
        }
        else if (report is { Phase: JobPhase.Completed, Work: not null })
        {
            yield return "To export the model, serve its store and ask for it from another terminal:";
            var certificates = options.IsInsecure ? "" : $" --certificates \"{Path.Combine(report.Work, WorkFolder.CertificatesName)}\"";
            yield return $"  dotnet run -c Release --project Silo -- serve --name {options.Places[0].Name} --store \"{Path.Combine(report.Work, WorkFolder.StoreName)}\"{certificates}";
            yield return $"  dotnet run -c Release --project Silo -- models export {report.Model}@{report.Version} {report.Model}.safetensors{certificates}";
        }
        else if (report.Phase == JobPhase.Completed)
        {
            yield return "The model goes with the temporary folder; run with --keep to export it afterwards.";
        }
    }
}
