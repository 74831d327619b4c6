using System.Globalization;
using System.Text;
using OrleansEdge.Contracts.Identity;
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

    /// <summary>What <c>ps</c> shows.</summary>
    private static string CommandLine(int process) => File.ReadAllText($"/proc/{process}/cmdline").Replace('\0', ' ');

    private static IEnumerable<string> StoredTexts(string store) =>
        Directory.EnumerateFiles(store, "*", SearchOption.AllDirectories).Select(File.ReadAllText);
}
