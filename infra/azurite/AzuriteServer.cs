using System.Diagnostics;
using System.Globalization;

namespace OrleansEdge.Azurite;

/// <summary>A running Azurite of a test's own: on a free port, in a folder of its own, with as many empty accounts as are asked for.</summary>
public sealed class AzuriteServer : IAsyncDisposable
{
    private const int Accounts = 500;
    private const string Listens = "successfully listens on ";
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);

    private readonly AzuriteInstallation _installation;
    private readonly AzuriteAccounts _accounts = new(Accounts);
    private readonly string _folder;
    private Process? _process;
    private int _used = -1;

    private AzuriteServer(AzuriteInstallation installation, string folder)
    {
        _installation = installation;
        _folder = folder;
    }

    /// <summary>Where it listens on loopback; the same after a restart.</summary>
    public int Port { get; private set; }

    /// <summary>Starts one, and waits until it listens.</summary>
    /// <param name="folder">Where it keeps the blobs; the caller's to delete.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="AzuriteException">It cannot be had, or does not start.</exception>
    public static async Task<AzuriteServer> Start(string folder, CancellationToken cancellation)
    {
        var server = new AzuriteServer(await AzuriteInstallation.Require(cancellation), folder);
        await server.Start(cancellation);
        return server;
    }

    /// <summary>The connection string of an account that nobody has used before.</summary>
    public string NewAccount() => _accounts.ConnectionString(Interlocked.Increment(ref _used), Port);

    /// <summary>Starts it, after a kill on the port that it had.</summary>
    public async Task Start(CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(_installation.Node, _installation.Arguments(_folder, Port))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { [AzuriteAccounts.Variable] = _accounts.Value, ["ORLEANSEDGE_PARENT_PIPE"] = "1" },
        };
        var listening = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        string? last = null;
        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        process.OutputDataReceived += (_, line) => Look(line.Data, listening);
        process.ErrorDataReceived += (_, line) => last = line.Data ?? last;
        process.Exited += (_, _) => listening.TrySetException(new AzuriteException($"Azurite has ended instead of starting: {last ?? "it said nothing"}."));
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _process = process;
        Port = await listening.Task.WaitAsync(StartPatience, TimeProvider.System, cancellation);
    }

    /// <summary>Ends it with SIGKILL.</summary>
    public async Task Kill()
    {
        if (_process is { } process)
        {
            _process = null;
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
            process.Dispose();
        }
    }

    /// <summary>Ends it.</summary>
    public async ValueTask DisposeAsync() => await Kill();

    private static void Look(string? line, TaskCompletionSource<int> listening)
    {
        if (line?.IndexOf(Listens, StringComparison.Ordinal) is { } at and >= 0)
        {
            listening.TrySetResult(int.Parse(line.AsSpan(line.LastIndexOf(':') + 1), NumberStyles.None, CultureInfo.InvariantCulture));
        }
    }
}
