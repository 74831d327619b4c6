using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using OrleansEdge.EndToEnd.Tests.Telemetry;

namespace OrleansEdge.EndToEnd.Tests.Security;

/// <summary>A secured site as a process, and the commands of its operator.</summary>
internal sealed class SecuredSite : IAsyncDisposable
{
    private static readonly Dictionary<string, string> NoVariables = [];

    private readonly IReadOnlyDictionary<string, string> _settings;
    private readonly string _folder = Directory.CreateTempSubdirectory("orleansedge-secured-").FullName;
    private readonly int _port = Ports.Take();
    private readonly int _gateway = Ports.Take();
    private readonly List<TestProgram> _programs = [];
    private readonly string _name;
    private TestProgram? _silo;

    private SecuredSite(string name, IReadOnlyDictionary<string, string>? settings = null)
    {
        _name = name;
        _settings = settings ?? NoVariables;
    }

    /// <summary>The address that agents are given.</summary>
    public string Address => $"https://127.0.0.1:{Text(_port)}";

    /// <summary>The same port, as one who speaks in clear would ask for it.</summary>
    public string ClearAddress => $"http://127.0.0.1:{Text(_port)}";

    /// <summary>What the silo has said.</summary>
    public string Log => _silo!.Output;

    /// <summary>The environment of its agents.</summary>
    public IReadOnlyDictionary<string, string> AgentSettings { get; set; } = NoVariables;

    /// <summary>The folder with its certificates.</summary>
    public string Certificates => Path.Combine(_folder, "certificates");

    private string Store => Path.Combine(_folder, "store");

    /// <summary>Makes an authority and starts a silo under it.</summary>
    /// <param name="cancellation">Gives up.</param>
    /// <param name="name">The site's name.</param>
    /// <param name="settings">The silo's settings, as environment variables; null for the defaults.</param>
    public static async Task<SecuredSite> Start(
        CancellationToken cancellation, string name = "harbour", IReadOnlyDictionary<string, string>? settings = null)
    {
        var site = new SecuredSite(name, settings);
        await site.Run(cancellation, "certs", "init", "--site", name, "--folder", site.Certificates);
        await site.Serve(cancellation);
        return site;
    }

    /// <summary>Ends the silo, lets somebody change what is in its store, and starts it again.</summary>
    public async Task Restart(Action<string> change, CancellationToken cancellation)
    {
        await _silo!.Stop(cancellation);
        change(Store);
        await Serve(cancellation);
    }

    /// <summary>Ends the silo.</summary>
    public Task Stop(CancellationToken cancellation) => _silo!.Stop(cancellation);

    /// <summary>Completes when the silo has said <paramref name="text"/>.</summary>
    public Task WaitForLog(string text, CancellationToken cancellation) => _silo!.WaitForLine(text, cancellation);

    /// <summary>A site that enrols at this one, and serves.</summary>
    public async Task<SecuredSite> StartBelow(string name, string invitation, CancellationToken cancellation)
    {
        var site = new SecuredSite(name);
        await site.Enrol(Address, invitation, cancellation);
        await site.Serve(cancellation);
        return site;
    }

    /// <summary>Tries to enrol a site at another one, and returns what the command said.</summary>
    public static async Task<string> TryEnrol(string address, string invitation, CancellationToken cancellation)
    {
        await using var site = new SecuredSite("nobody");
        return await site.Enrol(address, invitation, cancellation);
    }

    public string FolderOf(string device) => Path.Combine(_folder, device);

    /// <summary>Runs an operator's command and returns what it printed.</summary>
    public Task<string> Operate(CancellationToken cancellation, params string[] command) =>
        Run(cancellation, [.. command, "--site", Address, "--certificates", Certificates]);

    /// <summary>Runs a command against another site, as the operator of this one.</summary>
    public Task<string> OperateAt(string address, CancellationToken cancellation, params string[] command) =>
        Run(cancellation, [.. command, "--site", address, "--certificates", Certificates]);

    /// <summary>The certificate of this site's first operator, with its key.</summary>
    public X509Certificate2 AdminCertificate() => X509Certificate2.CreateFromPemFile(
        Path.Combine(Certificates, "operator-admin.pem"), Path.Combine(Certificates, "operator-admin.key"));

    /// <summary>An invitation of a device.</summary>
    public Task<string> Invite(CancellationToken cancellation, params string[] command) => InviteBy("devices", cancellation, command);

    /// <summary>An invitation of a site.</summary>
    public Task<string> InviteSite(string name, CancellationToken cancellation) => InviteBy("sites", cancellation, "invite", name);

    private async Task<string> InviteBy(string noun, CancellationToken cancellation, params string[] command) =>
        (await Operate(cancellation, [noun, .. command])).Split('\n').First(line => line.StartsWith("oe1.", StringComparison.Ordinal));

    /// <summary>Starts an agent.</summary>
    public TestProgram Join(string device, string? invitation, string? address = null, string? folder = null, params string[] options) => Launch("EdgeAgent", AgentSettings,
    [
        "join", "--site", address ?? Address, "--device", device, "--data", "digits=generated:100", "--folder", folder ?? FolderOf(device),
        .. invitation is null ? Array.Empty<string>() : ["--invite", invitation], .. options,
    ]);

    public async ValueTask DisposeAsync()
    {
        foreach (var program in Enumerable.Reverse(_programs))
        {
            await program.DisposeAsync();
        }

        _programs.Clear();
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);

    private Task<string> Enrol(string address, string invitation, CancellationToken cancellation) =>
        Run(cancellation, "certs", "join", address, "--invite", invitation, "--certificates", Certificates);

    private async Task Serve(CancellationToken cancellation)
    {
        _silo = Launch("Silo", _settings, "serve", "--name", _name, "--urls", Address, "--silo-port", Text(Ports.Take()), "--gateway-port", Text(_gateway),
            "--store", Store, "--certificates", Certificates);
        var serves = _silo.WaitForLine("Application started", cancellation);
        Assert.True(await Task.WhenAny(serves, _silo.WaitForExit(cancellation)) == serves, _silo.Output);
    }

    private async Task<string> Run(CancellationToken cancellation, params string[] arguments)
    {
        await using var program = TestProgram.Start("Silo", arguments, NoVariables);
        await program.WaitForExit(cancellation);
        return program.Output;
    }

    private TestProgram Launch(string project, IReadOnlyDictionary<string, string> variables, params string[] arguments)
    {
        var program = TestProgram.Start(project, arguments, variables);
        _programs.Add(program);
        return program;
    }
}
