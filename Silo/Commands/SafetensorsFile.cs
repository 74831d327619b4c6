using System.Security.Cryptography;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Silo.Web;

namespace OrleansEdge.Silo.Commands;

/// <summary>What an export wrote.</summary>
/// <param name="Version">The version, by its number.</param>
/// <param name="File">The file's full path.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">The hash of the file.</param>
internal sealed record ExportResult(string Version, string File, long Bytes, string Sha256);

/// <summary>Model versions as files on this machine.</summary>
internal static class SafetensorsFile
{
    /// <summary>Downloads a version. The file appears whole or not at all; one that is there stays until then.</summary>
    /// <exception cref="CommandException">The version is not there or damaged, or the file cannot be written.</exception>
    public static async Task<ExportResult> Export(SiteApi site, VersionReference reference, string path, CancellationToken cancellation)
    {
        var target = Path.GetFullPath(path);
        var folder = Path.GetDirectoryName(target);
        if (folder is null || !Directory.Exists(folder) || Directory.Exists(target))
        {
            throw new CommandException($"'{path}' cannot be a file: give a file's name in a folder that exists.", ExitCodes.WrongInput);
        }

        // The number is fixed first: the head may move while the file is on its way.
        var version = (await site.GetVersion(reference, cancellation)).Id;
        var partial = Path.Combine(folder, $".{Path.GetFileName(target)}.{Path.GetRandomFileName()}.partial");
        try
        {
            var (bytes, hash) = await Download(site, VersionReference.Parse(version.ToString()), partial, cancellation);
            File.Move(partial, target, overwrite: true);
            return new(version.ToString(), target, bytes, hash);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"'{path}' cannot be written: {Sentence.Of(exception.Message)} Nothing was changed.");
        }
        finally
        {
            File.Delete(partial);
        }
    }

    /// <summary>Uploads a file as a new version.</summary>
    /// <exception cref="CommandException">There is no such file, or it is not what the site expects.</exception>
    public static async Task<VersionAnswer> Import(
        SiteApi site, ModelName model, VersionReference? from, string path, CancellationToken cancellation)
    {
        if (!File.Exists(path))
        {
            throw new CommandException($"There is no file '{path}': give the path of a safetensors file.", ExitCodes.WrongInput);
        }

        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.Asynchronous | FileOptions.SequentialScan);
        await using (file)
        {
            return await site.Import(model, from, file, cancellation);
        }
    }

    private static async Task<(long Bytes, string Hash)> Download(SiteApi site, VersionReference version, string path, CancellationToken cancellation)
    {
        var file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 17, FileOptions.Asynchronous);
        await using (file)
        {
            var bytes = await site.Export(version, file, cancellation);
            file.Flush(flushToDisk: true);
            file.Position = 0;
            return (bytes, Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellation)));
        }
    }
}
