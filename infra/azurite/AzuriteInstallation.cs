using System.ComponentModel;
using System.Diagnostics;
using System.Security.Cryptography;

namespace OrleansEdge.Azurite;

/// <summary>Azurite as this repository pins it, with all its packages.</summary>
/// <param name="Node">The program that runs it.</param>
/// <param name="Script">What it runs.</param>
public sealed record AzuriteInstallation(string Node, string Script)
{
    private const string Stamp = "node_modules/.installed";
    private static readonly TimeSpan InstallPatience = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Finds it, and installs it (<c>npm ci</c>) where that was not done yet.</summary>
    /// <exception cref="AzuriteException">There is no Node.js, no repository around this program, or the packages cannot be had.</exception>
    public static async Task<AzuriteInstallation> Require(CancellationToken cancellation)
    {
        var node = FindProgram("node") ?? throw new AzuriteException("Azurite needs Node.js, which is not installed: apt-get install nodejs npm.");
        var folder = FindFolder();
        if (!IsInstalled(folder))
        {
            await Install(folder, cancellation);
        }

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

    private static bool IsInstalled(string folder) =>
        File.Exists(Path.Combine(folder, Stamp)) && File.ReadAllText(Path.Combine(folder, Stamp)) == Fingerprint(folder);

    private static string Fingerprint(string folder) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(folder, "package-lock.json"))));

    private static async Task Install(string folder, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(InstallPatience);
        try
        {
            await using var turn = await TakeTurn(folder, patience.Token);
            if (!IsInstalled(folder))
            {
                await RunNpm(folder, patience.Token);
                await File.WriteAllTextAsync(Path.Combine(folder, Stamp), Fingerprint(folder), patience.Token);
            }
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
            catch (IOException)
            {
                await Task.Delay(Pause, TimeProvider.System, cancellation);
            }
        }
    }

    private static async Task RunNpm(string folder, CancellationToken cancellation)
    {
        var npm = FindProgram("npm") ?? throw new AzuriteException("Azurite is not installed yet, and npm, which does it, is missing: apt-get install npm.");
        using var process = Start(npm, folder);
        process.StandardInput.Close();
        try
        {
            var (output, error) = (process.StandardOutput.ReadToEndAsync(cancellation), process.StandardError.ReadToEndAsync(cancellation));
            await process.WaitForExitAsync(cancellation);
            if (process.ExitCode != 0)
            {
                var last = $"{await output}\n{await error}".Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault(line => !line.Contains(".log", StringComparison.Ordinal));
                throw new AzuriteException($"Azurite could not be installed ({last?.Trim()}): run 'npm ci' in infra/azurite to see why.");
            }
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    private static Process Start(string npm, string folder)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(npm, ["ci"])
            {
                WorkingDirectory = folder,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
        }
        catch (Win32Exception exception)
        {
            throw new AzuriteException($"npm could not be started ({exception.Message}): run 'npm ci' in infra/azurite yourself.", exception);
        }
    }
}
