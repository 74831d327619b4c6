using System.Globalization;
using OrleansEdge.EndToEnd.Tests.Telemetry;

namespace OrleansEdge.EndToEnd.Tests.Security;

/// <summary>A secured site as a process, and the commands of its operator.</summary>
internal sealed class SecuredSite : IAsyncDisposable
{
    private static readonly Dictionary<string, string> NoVariables = [];

    private readonly string _folder = Directory.CreateTempSubdirectory("orleansedge-secured-").FullName;
    private readonly int _port = Ports.Take();
    private readonly int _gateway = Ports.Take();
    private readonly List<TestProgram> _programs = [];
    private TestProgram? _silo;

    /// <summary>The address that agents are given.</summary>
    public string Address => $"https://127.0.0.1:{Text(_port)}";

    /// <summary>The same port, as one who speaks in clear would ask for it.</summary>
    public string ClearAddress => $"http://127.0.0.1:{Text(_port)}";

    /// <summary>What the silo has said.</summary>
    public string Log => _silo!.Output;

    private string Certificates => Path.Combine(_folder, "certificates");

    public static async Task<SecuredSite> Start(CancellationToken cancellation)
    {
        var site = new SecuredSite();
        await site.Run(cancellation, "certs", "init", "--site", "harbour", "--folder", site.Certificates);
        site._silo = site.Launch("Silo", "serve", "--name", "harbour", "--urls", site.Address, "--silo-port", Text(Ports.Take()), "--gateway-port", Text(site._gateway),
            "--store", Path.Combine(site._folder, "store"), "--certificates", site.Certificates);
        var serves = site._silo.WaitForLine("Application started", cancellation);
        Assert.True(await Task.WhenAny(serves, site._silo.WaitForExit(cancellation)) == serves, site._silo.Output);
        return site;
    }

    public string FolderOf(string device) => Path.Combine(_folder, device);

    /// <summary>Runs an operator's command and returns what it printed.</summary>
    public Task<string> Operate(CancellationToken cancellation, params string[] command) =>
        Run(cancellation, [.. command, "--site", Address, "--certificates", Certificates]);

    /// <summary>An invitation.</summary>
    public async Task<string> Invite(CancellationToken cancellation, params string[] command) =>
        (await Operate(cancellation, ["devices", .. command])).Split('\n').First(line => line.StartsWith("oe1.", StringComparison.Ordinal));

    /// <summary>Starts an agent.</summary>
    public TestProgram Join(string device, string? invitation, string? address = null, string? folder = null) => Launch("EdgeAgent",
    [
        "join", "--site", address ?? Address, "--device", device, "--data", "digits=generated:100", "--folder", folder ?? FolderOf(device),
        .. invitation is null ? Array.Empty<string>() : ["--invite", invitation],
    ]);

    public async ValueTask DisposeAsync()
    {
        foreach (var program in Enumerable.Reverse(_programs))
        {
            await program.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);

    private async Task<string> Run(CancellationToken cancellation, params string[] arguments)
    {
        await using var program = TestProgram.Start("Silo", arguments, NoVariables);
        await program.WaitForExit(cancellation);
        return program.Output;
    }

    private TestProgram Launch(string project, params string[] arguments)
    {
        var program = TestProgram.Start(project, arguments, NoVariables);
        _programs.Add(program);
        return program;
    }
}
