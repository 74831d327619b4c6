using OrleansEdge.Grains.Jobs;
using OrleansEdge.Grains.Jobs.Files;

namespace OrleansEdge.LocalCluster.Jobs;

/// <summary>The job of a run.</summary>
/// <param name="Definition">What it is to do.</param>
/// <param name="FileName">The job file's name for error messages.</param>
/// <param name="Text">The text that is submitted.</param>
/// <param name="TorchScript">The full path of its TorchScript file; null for a built-in network.</param>
/// <param name="FileText">The job file that goes to the work folder; usable from anywhere.</param>
internal sealed record LocalJob(JobDefinition Definition, string FileName, string Text, string? TorchScript, string FileText)
{
    private const string DefaultFileName = "job.yaml";

    /// <summary>Reads the job file that the user names, or makes the default one.</summary>
    /// <exception cref="FormatException">The file is missing or has faults; the message has a line for each.</exception>
    public static LocalJob Load(ClusterOptions options)
    {
        var given = options.JobFile is null ? DefaultJob.Write(options) : Read(options.JobFile);
        var name = options.JobFile ?? DefaultFileName;
        var definition = Parse(given, name);
        var changed = options.Rounds is { } rounds && rounds != definition.Rounds;
        definition = changed ? definition with { Rounds = options.Rounds!.Value } : definition;
        var text = changed ? JobFile.Write(definition) : given;
        HierarchyRules.Require(options, definition, name);
        if (definition.Network is not { IsFile: true } network)
        {
            return new(definition, name, text, TorchScript: null, text);
        }

        var torchScript = Path.GetFullPath(network.Text, Path.GetDirectoryName(Path.GetFullPath(name))!);
        return File.Exists(torchScript)
            ? new(definition, name, text, torchScript, JobFile.Write(definition with { Network = network with { Text = torchScript } }))
            : throw new FormatException($"{name}: the model file {torchScript} does not exist: 'model' is a path relative to the job file.");
    }

    private static JobDefinition Parse(string text, string name)
    {
        try
        {
            return JobFile.Parse(text, name, new StrategyDeclarations());
        }
        catch (JobFileException exception)
        {
            throw new FormatException(exception.Message);
        }
    }

    private static string Read(string path)
    {
        try
        {
            var length = new FileInfo(path).Length;
            return length <= JobFile.MaximumBytes
                ? File.ReadAllText(path)
                : throw new FormatException($"{path} is larger than {JobFile.MaximumBytes / 1024} KiB, so it is no job file: check its name.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FormatException($"The job file {path} cannot be read: {exception.Message.TrimEnd('.')}; check --job.");
        }
    }
}
