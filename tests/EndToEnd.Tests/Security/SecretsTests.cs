using System.Globalization;
using System.Text;
using OrleansEdge.Contracts.Identity;
using OrleansEdge.Contracts.Security.Enrolment;
using OrleansEdge.EndToEnd.Tests.Telemetry;

namespace OrleansEdge.EndToEnd.Tests.Security;

/// <summary>Real processes that were given secrets, and everything that others can read of them.</summary>
[Trait("Category", "EndToEnd")]
public sealed class SecretsTests
{
    /// <summary>Of letters that survive base 64, URLs and JSON as they are.</summary>
    private const string Marker = "Xq7SecretMarkerXq7";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Secrets_of_a_silo_and_the_key_of_a_device_are_nowhere_to_be_seen()
    {
        using var site = new TestSite();
        var secrets = new Dictionary<string, string>
        {
            ["ORLEANSEDGE_STORE_CONNECTION"] = $"AccountName=a;AccountKey={Marker}",
            ["ORLEANSEDGE_CLUSTER_PASSWORD"] = Marker,
            ["AZURE_CLIENT_SECRET"] = Marker,
        };
        await using var silo = await site.StartSilo(secrets, Cancellation);
        await using var agent = site.StartAgent(new Dictionary<string, string>());
        var pages = await Pages(site.Address, "dev1");
        var lines = new[] { CommandLine(silo.ProcessId), CommandLine(agent.ProcessId) };
        var key = await File.ReadAllTextAsync(Path.Combine(site.AgentFolder, "instance.key"), Cancellation);
        await silo.Stop(Cancellation);

        Assert.Contains("dev1", pages, StringComparison.Ordinal);
        Assert.Contains(site.AgentFolder, lines[1], StringComparison.Ordinal);
        var seen = string.Join('\n', [silo.Output, agent.Output, pages, .. lines, .. StoredTexts(site.Store)]);
        Assert.DoesNotContain(Marker, seen, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(key.Trim(), seen, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(OperatorCredential.Find(site.Address)!, seen, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Secrets_of_a_secured_site_are_in_no_trace_metric_or_log_that_is_exported()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(Patience);
        using var receiver = new OtlpReceiver();
        var settings = RoundTraceTests.Exporting(receiver, "secured");
        settings["ORLEANSEDGE_STORE_CONNECTION"] = $"AccountName=a;AccountKey={Marker}";
        settings["ORLEANSEDGE_CLUSTER_PASSWORD"] = Marker;
        settings["AZURE_CLIENT_SECRET"] = Marker;
        await using var site = await SecuredSite.Start(limit.Token, settings: settings);
        site.AgentSettings = RoundTraceTests.Exporting(receiver, "agent");
        var operatorToken = (await site.Operate(limit.Token, "operators", "add", "grace", "--role", "viewer")).Split('\n').First(line => line.StartsWith("oe.", StringComparison.Ordinal)).Trim();
        using (var http = new HttpClient(new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = (_, shown, _, _) => shown is not null } }))
        {
            http.DefaultRequestHeaders.Authorization = new("Bearer", operatorToken);
            using var answer = await http.GetAsync(new Uri($"{site.Address}/api/jobs"), limit.Token);
            Assert.True(answer.IsSuccessStatusCode);
        }

        var invitation = (await site.Invite(limit.Token, "invite", "dev1")).Trim();
        var agent = site.Join("dev1", invitation);
        await agent.WaitForLine("'dev1' takes part at site", limit.Token);
        await SubmitJob(site, limit.Token);
        await receiver.WaitFor(received => received.Spans.Any(span => span is { Name: "evaluate", Run: "secured", Tags: var tags } && tags["orleansedge.round"] == "2"), limit.Token);
        var keys = KeysIn(site.Certificates).Concat(KeysIn(site.FolderOf("dev1"))).ToList();
        await agent.Stop(limit.Token);
        await site.Stop(limit.Token);

        Assert.Contains(receiver.Spans, span => span.Run == "secured" && span.Name == "fold");
        Assert.Contains(receiver.Spans, span => span.Run == "agent" && span.Name == "train");
        Assert.Contains(receiver.Logs, line => line.Service == "orleansedge-silo" && line.Text.Contains("has enrolled", StringComparison.Ordinal));
        Assert.True(keys.Count >= 8, $"There are only {keys.Count} lines of private keys.");
        var exported = string.Join('\n', receiver.Bodies);
        string[] secrets = [Marker, operatorToken, invitation, InvitationCode.Parse(invitation).Secret, OperatorCredential.Find(new Uri(site.Address))!, .. keys];
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, exported, StringComparison.OrdinalIgnoreCase));

        // A token is a JSON object in base 64, whichever it is.
        Assert.DoesNotMatch("eyJ[A-Za-z0-9_-]{8,}", exported);
    }

    [Fact]
    public async Task A_store_that_cannot_be_reached_is_named_without_its_key()
    {
        var folder = Directory.CreateTempSubdirectory("orleansedge-secrets-");
        try
        {
            var file = Path.Combine(folder.FullName, "connection");
            var account = Convert.ToBase64String(Encoding.ASCII.GetBytes(Marker + Marker));
            var dead = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Ports.Take()}/devstoreaccount1");
            await File.WriteAllTextAsync(
                file, $"DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey={account};BlobEndpoint={dead};", Cancellation);
            await using var silo = TestProgram.Start(
                "Silo",
                [
                    "serve", "--name", "harbour", "--urls", $"http://127.0.0.1:{Ports.Take()}", "--silo-port", $"{Ports.Take()}", "--gateway-port", $"{Ports.Take()}",
                    "--store", "azure",
                ],
                new Dictionary<string, string> { ["ORLEANSEDGE_STORE_CONNECTION_FILE"] = file });
            await silo.WaitForLine("Trying again", Cancellation).WaitAsync(Patience, Cancellation);
            var line = CommandLine(silo.ProcessId);
            await silo.Terminate(Cancellation);

            Assert.Contains("devstoreaccount1", silo.Output, StringComparison.Ordinal);
            Assert.DoesNotContain(account, silo.Output + line, StringComparison.Ordinal);
            Assert.DoesNotContain("AccountKey", silo.Output + line, StringComparison.OrdinalIgnoreCase);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>What a site answers to an operator, once the device is there.</summary>
    private static async Task<string> Pages(Uri address, string device)
    {
        using var http = new HttpClient(new OperatorCredentialHandler(new SocketsHttpHandler())) { BaseAddress = address };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(Patience);
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!(await http.GetStringAsync("/api/participants", limit.Token)).Contains(device, StringComparison.Ordinal))
        {
            await pause.WaitForNextTickAsync(limit.Token);
        }

        var pages = new StringBuilder();
        foreach (var page in new[] { "/site", "/health/live", "/health/ready", "/api/participants", $"/api/participants/{device}", "/api/jobs", "/api/models", "/api/traffic", "/api/nothing" })
        {
            using var response = await http.GetAsync(page, limit.Token);
            pages.AppendLine(response.Headers.ToString()).AppendLine(await response.Content.ReadAsStringAsync(limit.Token));
        }

        return pages.ToString();
    }

    private static async Task SubmitJob(SecuredSite site, CancellationToken cancellation)
    {
        var file = site.FolderOf("job.yaml");
        await File.WriteAllTextAsync(
            file,
            """
            job: traced
            model: logistic
            data: digits
            publish: traced
            strategy: fedavg
            rounds: 2
            participants: {perRound: 1, minimum: 1}
            quorum: all
            training: {localEpochs: 1, batchSize: 32, optimiser: {name: sgd, learningRate: 0.05}}
            seed: 7
            evaluation: {mode: federated, every: 1}
            """,
            cancellation);
        await site.Operate(cancellation, "jobs", "submit", file);
    }

    /// <summary>The lines of the private keys in a folder.</summary>
    private static IEnumerable<string> KeysIn(string folder) =>
        from file in Directory.EnumerateFiles(folder, "*.key", SearchOption.AllDirectories)
        from line in File.ReadLines(file)
        where line.Length >= 16 && !line.StartsWith('-')
        select line.Trim();

    /// <summary>What <c>ps</c> shows.</summary>
    private static string CommandLine(int process) => File.ReadAllText($"/proc/{process}/cmdline").Replace('\0', ' ');

    private static IEnumerable<string> StoredTexts(string store) =>
        Directory.EnumerateFiles(store, "*", SearchOption.AllDirectories).Select(File.ReadAllText);
}
