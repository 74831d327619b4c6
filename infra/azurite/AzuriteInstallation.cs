using System.Diagnostics;

namespace OrleansEdge.Azurite;

/// <summary>Azurite as this repository pins it, with all its packages.</summary>
/// <param name="Node">The program that runs it.</param>
/// <param name="Script">What it runs.</param>
public sealed record AzuriteInstallation(string Node, string Script)
{
    private static readonly TimeSpan InstallPatience = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Finds it, and installs it (<c>npm ci</c>) where that was not done yet.</summary>
    /// <exception cref="AzuriteException">There is no Node.js, no repository around this program, or the packages cannot be had.</exception>
    public static async Task<AzuriteInstallation> Require(CancellationToken cancellation)
    {
        var node = FindProgram("node") ?? throw new AzuriteException("Azurite needs Node.js, which is not installed: apt-get install nodejs npm.");
        var folder = FindFolder();
        await Install(node, folder, cancellation);
        return new(node, Path.Combine(folder, "serve.js"));
    }

    /// <summary>The options of a blob service on loopback.</summary>
    /// <param name="folder">Where it keeps the blobs.</param>
    /// <param name="port">0 for any.</param>
    public IReadOnlyList<string> Arguments(string folder, int port) =>
        [Script, "--blobHost", "127.0.0.1", "--blobPort", FormattableString.Invariant($"{port}"), "--location", folder];

    private static string FindFolder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "infra", "azurite");
            if (File.Exists(Path.Combine(candidate, "package-lock.json")))
            {
                return candidate;
            }
        }

        throw new AzuriteException($"Azurite is pinned in infra/azurite of the repository, and {AppContext.BaseDirectory} is in no copy of it: build there.");
    }

    private static string? FindProgram(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? name + ".exe" : name))
        .FirstOrDefault(File.Exists);

    private static async Task Install(string node, string folder, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(InstallPatience);
        try
        {
            await using var turn = await TakeTurn(folder, patience.Token);
            await RunInstaller(node, folder, patience.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new AzuriteException($"Azurite was not installed within {InstallPatience.TotalMinutes:0} minutes: run 'npm ci' in infra/azurite to see why.");
        }
    }

    /// <summary>Several programs may want to install at once.</summary>
    private static async Task<FileStream> TakeTurn(string folder, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                return new(Path.Combine(folder, ".installing"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (UnauthorizedAccessException exception)
            {
                throw new AzuriteException($"Azurite cannot be installed in '{folder}', which is not writable: run 'npm ci' there as its owner.", exception);
            }
            catch (IOException)
            {
                await Task.Delay(Pause, TimeProvider.System, cancellation);
            }
        }
    }

    private static async Task RunInstaller(string node, string folder, CancellationToken cancellation)
    {
        using var process = Process.Start(new ProcessStartInfo(node, [Path.Combine(folder, "install.js")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        process.StandardInput.Close();
        try
        {
            var (output, error) = (process.StandardOutput.ReadToEndAsync(cancellation), process.StandardError.ReadToEndAsync(cancellation));
            await process.WaitForExitAsync(cancellation);
            await output;
            if (process.ExitCode != 0)
            {
                throw new AzuriteException($"Azurite could not be installed: {(await error).Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault()}.");
            }
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
