using System.IO.Compression;
using System.Text;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Grains.Jobs;
using OrleansEdge.Grains.Jobs.Files;
using OrleansEdge.Silo.Web;

namespace OrleansEdge.Silo.Commands;

/// <summary>A job file on this machine, checked before anything is sent.</summary>
/// <param name="Definition">What it says.</param>
/// <param name="Text">Its text.</param>
/// <param name="Path">Where it lies.</param>
internal sealed record JobSubmissionFile(JobDefinition Definition, string Text, string Path)
{
    /// <summary>Where the TorchScript file lies that the job file names; null where it names none.</summary>
    private string? TorchScript => Definition.Network is { IsFile: true } network
        ? System.IO.Path.Combine(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))!, network.Text)
        : null;

    /// <summary>Reads and checks a file.</summary>
    /// <exception cref="CommandException">There is no such file, or it cannot be a job file.</exception>
    /// <exception cref="JobFileException">It has faults.</exception>
    public static JobSubmissionFile Read(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists)
        {
            throw Wrong($"There is no file '{path}': give the path of a job file.");
        }

        if (file.Length > JobFile.MaximumBytes)
        {
            throw Wrong($"'{path}' is larger than {JobFile.MaximumBytes / 1024} KiB, so it is no job file: check its name.");
        }

        string text;
        try
        {
            text = File.ReadAllText(path, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true));
        }
        catch (DecoderFallbackException)
        {
            throw Wrong($"'{path}' is not a text in UTF-8, so it is no job file: check its name.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Wrong($"'{path}' cannot be read: {Sentence.Of(exception.Message)}");
        }

        var submission = new JobSubmissionFile(JobFile.Parse(text, path, new StrategyDeclarations()), text, path);
        submission.RequireTorchScript();
        return submission;
    }

    /// <summary>Uploads what the file names, then submits it.</summary>
    public async Task<JobStatus> Submit(CommandContext context, CancellationToken cancellation)
    {
        ContentHash? hash = null;
        if (TorchScript is { } script)
        {
            var file = new FileStream(script, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.Asynchronous | FileOptions.SequentialScan);
            await using (file)
            {
                hash = (await context.Site.PutContent(file, cancellation)).Hash;
            }
        }

        return await context.Site.SubmitJob(Text, Path, hash, cancellation);
    }

    private static CommandException Wrong(string message) => new(message, ExitCodes.WrongInput);

    /// <summary>
    /// TorchScript is a ZIP archive with the module's code; PyTorch's other files have the same ending. Whether it can be trained is for the
    /// devices to say.
    /// </summary>
    private void RequireTorchScript()
    {
        if (TorchScript is not { } path)
        {
            return;
        }

        var file = new FileInfo(path);
        if (!file.Exists)
        {
            throw Wrong($"There is no TorchScript file '{path}', which 'model' in '{Path}' names: the path is taken relative to the job file.");
        }

        if (file.Length > ContentEndpoints.MaximumLength)
        {
            throw Wrong($"The TorchScript file '{path}' is larger than {Phrases.Bytes(ContentEndpoints.MaximumLength)}, the most that a site takes.");
        }

        try
        {
            using var archive = ZipFile.OpenRead(path);
            if (archive.Entries.Any(entry => entry.FullName.Contains("/code/", StringComparison.Ordinal)))
            {
                return;
            }
        }
        catch (InvalidDataException)
        {
            // Not an archive at all: the same sentence.
        }

        throw Wrong($"'{path}' is not a TorchScript file: save the module in Python with torch.jit.script(module).save('{file.Name}').");
    }
}
