using System.Globalization;
using System.Text.Json;
using OrleansEdge.Contracts.Faults;
using OrleansEdge.Contracts.Identity;

namespace OrleansEdge.EndToEnd.Tests.Telemetry;

/// <summary>Ports, folder and commands of one silo and one agent.</summary>
/// <param name="name">The site's name.</param>
/// <param name="seed">The seed of its job.</param>
/// <param name="tiers">The last line of its job file, where sites are to take part in it.</param>
internal sealed class TestSite(string name = "harbour", int seed = 7, string tiers = "") : IDisposable
{
    private readonly string _jobFile = $$$"""
        job: traced
        model: logistic
        data: digits
        publish: traced
        strategy: fedavg
        rounds: 2
        participants: {perRound: 1, minimum: 1}
        quorum: all
        training: {localEpochs: 1, batchSize: 32, optimiser: {name: sgd, learningRate: 0.05}}
        seed: {{{seed}}}
        evaluation: {mode: federated, every: 1}
        {{{tiers}}}
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("orleansedge-telemetry-").FullName;
    private readonly string _url = $"http://127.0.0.1:{Ports.Take()}";
    private readonly int _siloPort = Ports.Take();
    private readonly int _gatewayPort = Ports.Take();

    /// <summary>The folder of the agent.</summary>
    public string AgentFolder => Path.Combine(_folder, "dev1");

    /// <summary>The store, as the silo is told: a folder unless the test names another.</summary>
    public string Store { get => field ?? Path.Combine(_folder, "store"); init; }

    /// <summary>Where the silo is.</summary>
    public Uri Address => new(_url);

    /// <summary>The environment of a silo that is killed at a point of a round: <c>silo@2:closing</c>.</summary>
    public Dictionary<string, string> Killed(string fault) => new()
    {
        [ProcessFaults.DevelopmentVariable] = "1",
        [ProcessFaults.PlanVariable] = $"kill {fault}",
        [ProcessFaults.FolderVariable] = _folder,
    };

    /// <summary>Starts the silo and waits until it serves.</summary>
    public async Task<TestProgram> StartSilo(IReadOnlyDictionary<string, string> environment, CancellationToken cancellation, params string[] options)
    {
        var silo = TestProgram.Start(
            "Silo",
            [
                "serve", "--name", name, "--urls", _url, "--silo-port", Text(_siloPort), "--gateway-port", Text(_gatewayPort),
                "--store", Store, .. options,
            ],
            environment);
        var serves = silo.WaitForLine("Application started", cancellation);
        if (await Task.WhenAny(serves, silo.WaitForExit(cancellation)) != serves)
        {
            Assert.Fail($"The silo did not start:\n{silo.Output}");
        }

        await serves;
        return silo;
    }

    /// <summary>Starts the agent.</summary>
    public TestProgram StartAgent(IReadOnlyDictionary<string, string> environment, params string[] options) => StartDevice("dev1", environment, options);

    /// <summary>Starts an agent of another name.</summary>
    public TestProgram StartDevice(string device, IReadOnlyDictionary<string, string> environment, params string[] options) => TestProgram.Start(
        "EdgeAgent",
        [
            "join", "--site", _url, "--device", device, "--data", "digits=generated", "--split", "iid", "--part", "1/10",
            "--folder", Path.Combine(_folder, device), .. options,
        ],
        environment);

    /// <summary>Submits a job of two rounds.</summary>
    public async Task SubmitJob(CancellationToken cancellation, string job = "traced")
    {
        using var client = new HttpClient(new OperatorCredentialHandler(new SocketsHttpHandler()));
        using var content = new StringContent(_jobFile.Replace("job: traced", $"job: {job}", StringComparison.Ordinal));
        using var response = await client.PostAsync(new Uri($"{_url}/api/jobs"), content, cancellation);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(cancellation));
    }

    /// <summary>Runs one of the operators' verbs to its end.</summary>
    public async Task<TestProgram> Operate(CancellationToken cancellation, params string[] arguments)
    {
        var program = TestProgram.Start("Silo", [.. arguments, "--site", _url], new Dictionary<string, string>());
        await program.WaitForExit(cancellation);
        return program;
    }

    /// <summary>Waits until a job has completed.</summary>
    public async Task Completed(string job, CancellationToken cancellation)
    {
        await using var watch = await Operate(cancellation, "jobs", "watch", job);
        Assert.True(watch.ExitCode == 0, watch.Output);
    }

    /// <summary>What is wrong with the link to the parent; null if nothing is.</summary>
    public async Task<string?> Trouble(CancellationToken cancellation)
    {
        using var client = new HttpClient(new OperatorCredentialHandler(new SocketsHttpHandler()));
        using var answer = JsonDocument.Parse(await client.GetStringAsync(new Uri(Address, "/api/uplink"), cancellation));
        return answer.RootElement.GetProperty("trouble").GetString();
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);
}
