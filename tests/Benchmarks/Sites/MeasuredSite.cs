using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using OrleansEdge.Benchmarks.Processes;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Identity;
using OrleansEdge.Contracts.Security.Files;

namespace OrleansEdge.Benchmarks.Sites;

/// <summary>A real silo in a process of its own, and its HTTP port.</summary>
internal sealed class MeasuredSite : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);

    /// <summary>What a silo does against floods would be measured otherwise.</summary>
    private static readonly Dictionary<string, string> Unlimited = new() { ["Limits__MessagesPerSecond"] = "0", ["Limits__CallsPerSecond"] = "0" };

    private readonly ChildProcess _process;
    private readonly HttpClient _http;

    private MeasuredSite(ChildProcess process, Uri address, CertificateFolder? certificates)
    {
        _process = process;
        Address = address;
        _http = new HttpClient(certificates is null
            ? new OperatorCredentialHandler(new SocketsHttpHandler())
            : OperatorCredentials.CreateHandler(OperatorCredentials.Open(certificates, CertificateFolder.FirstOperator), StartLimit, TimeProvider.System))
        {
            BaseAddress = address,
        };
    }

    /// <summary>The HTTP address.</summary>
    public Uri Address { get; }

    /// <summary>The silo's process id.</summary>
    public int ProcessId => _process.Id;

    /// <summary>Starts a silo and waits until it is ready.</summary>
    /// <param name="work">The run's folder.</param>
    /// <param name="isSecured">Whether it has certificates.</param>
    /// <param name="isLimited">Whether it limits what a device may send, as it does by default.</param>
    /// <param name="parent">The site above it; null for none.</param>
    public static async Task<MeasuredSite> Start(WorkFolder work, bool isSecured = false, bool isLimited = false, Uri? parent = null)
    {
        var name = isSecured ? "secured" : "benchmark";
        var certificates = isSecured ? new CertificateFolder(work.At("certificates")) : null;
        certificates?.Init(SiteName.Parse(name), null, TimeProvider.System.GetUtcNow());
        var ports = FreePorts(3);
        var address = new Uri(string.Create(CultureInfo.InvariantCulture, $"{(isSecured ? "https" : "http")}://127.0.0.1:{ports[0]}"));
        var process = ChildProcess.Start(
            ChildProcess.AssemblyOf("Silo"), work.At($"{name}.log"), isLimited ? [] : Unlimited,
            [
                "serve", "--name", name, "--urls", address.GetLeftPart(UriPartial.Authority), "--silo-port", Text(ports[1]), "--gateway-port", Text(ports[2]),
                "--store", work.At($"{name}-store"), .. certificates is null ? Array.Empty<string>() : ["--certificates", certificates.Path],
                .. parent is null ? Array.Empty<string>() : ["--parent", parent.GetLeftPart(UriPartial.Authority)],
            ]);
        var site = new MeasuredSite(process, address, certificates);
        using var limit = new CancellationTokenSource(StartLimit);
        while (!await site.IsReady(limit.Token))
        {
            await Task.Delay(Pause, limit.Token);
        }

        return site;
    }

    /// <summary>Submits a job.</summary>
    public async Task Submit(string jobFile)
    {
        using var content = new StringContent(jobFile, Encoding.UTF8, "text/yaml");
        using var response = await _http.PostAsync("/api/jobs", content);
        if (!response.IsSuccessStatusCode)
        {
            throw new BenchmarkException(await response.Content.ReadAsStringAsync());
        }
    }

    /// <summary>Stores content and returns its hash.</summary>
    public async Task<string> Store(byte[] content)
    {
        using var body = new ByteArrayContent(content);
        using var response = await _http.PutAsync("/api/content", body);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<ContentView>())!.Hash;
    }

    /// <summary>Fetches the weights of a version, and returns how many bytes they are.</summary>
    public async Task<long> Download(string model, int version) =>
        (await _http.GetByteArrayAsync(new Uri(string.Create(CultureInfo.InvariantCulture, $"/api/models/{model}/{version}/weights"), UriKind.Relative))).Length;

    /// <summary>Invites a device.</summary>
    public async Task<string> Invite(string device)
    {
        using var response = await _http.PostAsJsonAsync("/api/invitations", new { participant = device, count = 1, lifetime = 3600 });
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<CodeView>())!.Code;
    }

    /// <summary>Waits for a job to reach a round, or its end.</summary>
    /// <param name="job">The job.</param>
    /// <param name="round">The round.</param>
    /// <param name="agents">Must stay alive meanwhile.</param>
    public async Task<JobView> WaitForRound(string job, int round, IEnumerable<ChildProcess> agents)
    {
        while (true)
        {
            foreach (var process in agents.Prepend(_process))
            {
                process.RequireAlive();
            }

            var view = (await _http.GetFromJsonAsync<JobView>($"/api/jobs/{job}"))!;
            if (view.Phase is "failed" or "stopped")
            {
                throw new BenchmarkException($"the job has ended ({view.Phase}): {view.Failure}");
            }

            if (view.Phase == "completed" || view.Round >= round)
            {
                return view;
            }

            await Task.Delay(Pause);
        }
    }

    /// <summary>Waits until so many participants are there.</summary>
    /// <param name="count">How many.</param>
    /// <param name="agents">Must stay alive meanwhile.</param>
    public async Task WaitForParticipants(int count, IReadOnlyCollection<ChildProcess> agents)
    {
        while ((await _http.GetFromJsonAsync<List<JsonElement>>("/api/participants"))!.Count < count)
        {
            foreach (var process in agents.Prepend(_process))
            {
                process.RequireAlive();
            }

            await Task.Delay(Pause);
        }
    }

    /// <summary>The records of all rounds.</summary>
    public async Task<IReadOnlyList<RoundView>> Rounds(string job) => (await _http.GetFromJsonAsync<List<RoundView>>($"/api/jobs/{job}/rounds?from=1"))!;

    /// <summary>Bytes at the gateway.</summary>
    public async Task<TrafficView> Traffic() => (await _http.GetFromJsonAsync<TrafficView>("/api/traffic"))!;

    /// <inheritdoc/>
    public void Dispose()
    {
        _http.Dispose();
        _process.Dispose();
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(listener => listener.Start());
        var ports = listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port).ToArray();
        listeners.ForEach(listener => listener.Dispose());
        return ports;
    }

    private async Task<bool> IsReady(CancellationToken cancellation)
    {
        _process.RequireAlive();
        try
        {
            using var response = await _http.GetAsync("/health/ready", cancellation);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
