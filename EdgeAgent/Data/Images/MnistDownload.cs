using System.Security.Cryptography;
using Spectre.Console;

namespace OrleansEdge.EdgeAgent.Data.Images;

/// <summary>
/// Brings MNIST's four files to a folder of this user, once. Each is verified before it gets its name, so that a file that is there is whole.
/// </summary>
/// <param name="address">The http or https address under which the files are.</param>
/// <param name="folder">The folder that they go to.</param>
/// <param name="console">Shows a progress bar on a terminal, and otherwise a line for each file.</param>
internal sealed class MnistDownload(string address, string folder, IAnsiConsole console)
{
    /// <summary>The environment variable that names another place to download from.</summary>
    public const string AddressVariable = "ORLEANSEDGE_MNIST_URL";

    private const string DefaultAddress = "https://ossci-datasets.s3.amazonaws.com/mnist/";
    private const string Instead = "name a folder that holds MNIST's four files (mnist:FOLDER), or use the data that are made in code (generated)";

    // The largest file has 10 MB, and 47 MB decompressed; what sends more is not MNIST.
    private const long LargestFile = 64L << 20;

    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(30);

    /// <summary>The files and the MD5 digests of their decompressed content.</summary>
    private static readonly (string Name, string Digest)[] Files =
    [
        (MnistFiles.TrainImages, "6bbc9ace898e44ae57da46a324031adb"),
        (MnistFiles.TrainLabels, "a25bea736e30d166cdddb491f175f624"),
        (MnistFiles.TestImages, "2646ac647ad5339dbf082846283269ea"),
        (MnistFiles.TestLabels, "27ae3e4e09519cfbb04c329615203637"),
    ];

    /// <summary>Downloads to the local application data of this user, from the address in <see cref="AddressVariable"/> if it is set.</summary>
    public static MnistDownload CreateDefault()
    {
        var address = Environment.GetEnvironmentVariable(AddressVariable) is { Length: > 0 } text ? text : DefaultAddress;
        var data = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        var folder = Path.Combine(data.Length == 0 ? Path.GetTempPath() : data, "OrleansEdge", "mnist");
        return new MnistDownload(address, folder, AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) }));
    }

    /// <summary>The folder with the four files, which are downloaded where they are missing.</summary>
    /// <exception cref="DataException">The network, the files or the folder do not allow it; the message says what to do.</exception>
    public async Task<string> EnsureAsync(CancellationToken cancellation)
    {
        var missing = Files.Where(file => !File.Exists(PathOf(file.Name))).ToArray();
        if (missing.Length == 0)
        {
            return folder;
        }

        if (!Uri.TryCreate(address.TrimEnd('/') + "/", UriKind.Absolute, out var baseAddress) || baseAddress.Scheme is not ("http" or "https"))
        {
            throw new DataException($"{AddressVariable} is '{address}', which is no address: set it to http://… or https://…, or remove it.");
        }

        try
        {
            Directory.CreateDirectory(folder);
            await DownloadAsync(baseAddress, missing, cancellation).ConfigureAwait(false);
            return folder;
        }
        catch (HttpRequestException exception)
        {
            throw Unreachable(baseAddress, exception.Message, exception);
        }
        catch (OperationCanceledException exception) when (!cancellation.IsCancellationRequested)
        {
            throw Unreachable(baseAddress, "nothing came for too long", exception);
        }
        catch (HttpIOException exception)
        {
            throw Unreachable(baseAddress, "the connection broke off", exception);
        }
        catch (Exception exception) when (FileAccessErrors.IsFileError(exception))
        {
            throw new DataException($"MNIST cannot be written to '{folder}' ({exception.Message.TrimEnd('.')}): make room there, or " +
                $"{Instead}.", exception);
        }
    }

    private async Task DownloadAsync(Uri baseAddress, (string Name, string Digest)[] missing, CancellationToken cancellation)
    {
        using var client = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        if (!console.Profile.Capabilities.Interactive || !console.Profile.Out.IsTerminal)
        {
            foreach (var (name, digest) in missing)
            {
                // Not through the console, which breaks long lines.
                await console.Profile.Out.Writer.WriteLineAsync($"Downloading {name}.gz from {baseAddress}").ConfigureAwait(false);
                await DownloadAsync(client, new Uri(baseAddress, name + ".gz"), name, digest, (_, _) => { }, cancellation).ConfigureAwait(false);
            }

            return;
        }

        await console.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new DownloadedColumn(), new RemainingTimeColumn())
            .StartAsync(async context =>
            {
                var tasks = missing.Select(file => context.AddTask(file.Name, autoStart: false)).ToArray();
                for (var index = 0; index < missing.Length; index++)
                {
                    var task = tasks[index];
                    task.StartTask();
                    var (name, digest) = missing[index];
                    await DownloadAsync(
                        client, new Uri(baseAddress, name + ".gz"), name, digest, (done, total) => task.MaxValue(total).Value(done), cancellation)
                        .ConfigureAwait(false);
                    task.Value(task.MaxValue).StopTask();
                }
            }).ConfigureAwait(false);
    }

    private async Task DownloadAsync(
        HttpClient client, Uri source, string name, string digest, Action<long, long> progress, CancellationToken cancellation)
    {
        // Processes that start together may all download: each writes a file of its own, and the last one to finish wins with the same content.
        var temporary = $"{PathOf(name)}.{Environment.ProcessId}-{Guid.NewGuid():N}.part";
        try
        {
            await FetchAsync(client, source, temporary, progress, cancellation).ConfigureAwait(false);
            if (!string.Equals(DigestOf(temporary), digest, StringComparison.Ordinal))
            {
                throw new DataException($"What {source} sends is not MNIST's file: set {AddressVariable} to another address, {Instead}.");
            }

            File.Move(temporary, PathOf(name), overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private static async Task FetchAsync(HttpClient client, Uri source, string path, Action<long, long> progress, CancellationToken cancellation)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        silence.CancelAfter(LongestSilence);
        using var response = await client.GetAsync(source, HttpCompletionOption.ResponseHeadersRead, silence.Token)
            .ConfigureAwait(false);
        response.EnsureSuccessStatusCode();
        var total = response.Content.Headers.ContentLength ?? LargestFile;
        var content = await response.Content.ReadAsStreamAsync(silence.Token).ConfigureAwait(false);
        var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
        await using (content.ConfigureAwait(false))
        await using (file.ConfigureAwait(false))
        {
            var buffer = new byte[1 << 16];
            var done = 0L;
            int read;
            while ((read = await content.ReadAsync(buffer, silence.Token).ConfigureAwait(false)) > 0)
            {
                done += read;
                if (done > LargestFile)
                {
                    throw new DataException($"What {source} sends is too long for MNIST: set {AddressVariable} to another address, {Instead}.");
                }

                await file.WriteAsync(buffer.AsMemory(0, read), cancellation).ConfigureAwait(false);
                progress(done, Math.Max(total, done));
                silence.CancelAfter(LongestSilence);
            }

            file.Flush(flushToDisk: true);
        }
    }

    private static string DigestOf(string path)
    {
        using var file = File.OpenRead(path);
        using var content = IdxReader.OpenContent(file);
        return DigestOf(content);
    }

    /// <summary>The MD5 digest of what a file holds; another text for one that is damaged or never ends.</summary>
    internal static string DigestOf(Stream content)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        var buffer = new byte[1 << 16];
        try
        {
            int read;
            for (var length = 0L; (read = content.Read(buffer)) > 0;)
            {
                // Compressed, a file without end fits into a small one.
                if ((length += read) > LargestFile)
                {
                    return "too long";
                }

                hash.AppendData(buffer.AsSpan(0, read));
            }
        }
        catch (InvalidDataException)
        {
            return "damaged";
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private string PathOf(string name) => Path.Combine(folder, name + ".gz");

    private static DataException Unreachable(Uri baseAddress, string reason, Exception exception) =>
        new($"MNIST could not be downloaded from {baseAddress} ({reason.TrimEnd('.')}): {Instead}.", exception);
}
