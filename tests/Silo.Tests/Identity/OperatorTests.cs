using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using OrleansEdge.Contracts.Identity;
using OrleansEdge.Silo.Identity;
using OrleansEdge.Silo.Tests.Commands;
using OrleansEdge.Silo.Tests.Web;
using OrleansEdge.Silo.Web;

namespace OrleansEdge.Silo.Tests.Identity;

public sealed class OperatorTests(TestSite site)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("GET", "/api/jobs")]
    [InlineData("POST", "/api/jobs")]
    [InlineData("PUT", "/api/content")]
    [InlineData("GET", "/api/operators")]
    [InlineData("GET", "/api/audit")]
    [InlineData("GET", "/api/nothing")]
    public async Task Nobody_gets_in_without_a_credential_and_is_told_what_to_do(string method, string path)
    {
        var answer = await Ask(null, method, path);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Contains(OperatorCredential.Variable, (await answer.Content.ReadFromJsonAsync<ErrorAnswer>(SiteJson.Options, Cancellation))!.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("viewer", HttpStatusCode.OK, HttpStatusCode.Forbidden, HttpStatusCode.Forbidden)]
    [InlineData("operator", HttpStatusCode.OK, HttpStatusCode.NotFound, HttpStatusCode.Forbidden)]
    [InlineData("admin", HttpStatusCode.OK, HttpStatusCode.NotFound, HttpStatusCode.OK)]
    public async Task Each_role_may_do_what_it_says(string role, HttpStatusCode sees, HttpStatusCode does, HttpStatusCode grants)
    {
        var token = await Add($"role-{role}", role);

        Assert.Equal(sees, (await Ask(token, "GET", "/api/jobs")).StatusCode);
        Assert.Equal(does, (await Ask(token, "POST", "/api/jobs/no-such-job/stop")).StatusCode);
        Assert.Equal(grants, (await Ask(token, "GET", "/api/operators")).StatusCode);
        Assert.Equal(grants, (await Ask(token, "GET", "/api/audit")).StatusCode);
    }

    [Fact]
    public async Task A_token_ends_with_its_operator_and_no_other_is_taken()
    {
        var token = await Add("passing", "viewer");
        Assert.Equal(HttpStatusCode.OK, (await Ask(token, "GET", "/api/jobs")).StatusCode);
        foreach (var forged in (string[])[token[..^1], token[..^1] + (token[^1] == 'A' ? 'B' : 'A'), token.Replace("passing", "local", StringComparison.Ordinal), "oe.passing.", "x", "a.b.c"])
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await Ask(forged, "GET", "/api/jobs")).StatusCode);
        }

        Assert.Equal(0, (await CommandLine.Run(site.Address, "operators", "remove", "passing")).ExitCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await Ask(token, "GET", "/api/jobs")).StatusCode);
    }

    [Fact]
    public async Task The_local_credential_is_for_its_user_alone()
    {
        var file = OperatorCredential.FileOf(site.Address.Port);

        Assert.True(File.Exists(file));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }

        Assert.Null(OperatorCredential.Find(new($"http://198.51.100.7:{site.Address.Port}")));
        Assert.NotNull(OperatorCredential.Find(site.Address));
        Assert.Equal(0, (await CommandLine.Run(site.Address, "jobs", "list")).ExitCode);
    }

    [Fact]
    public async Task Commands_add_list_and_remove_operators()
    {
        var added = await CommandLine.Run(site.Address, "operators", "add", "grace", "--role", "operator");
        Assert.Equal(OperatorName.Parse("grace"), OperatorToken.NameOf(added.Output.Trim()));
        Assert.Contains(
            (await CommandLine.Run(site.Address, "operators", "list", "--json")).Json.EnumerateArray(),
            entry => entry.GetProperty("name").GetString() == "grace" && entry.GetProperty("role").GetString() == "operator" && !entry.TryGetProperty("token", out _));
        Assert.Contains("already", (await CommandLine.Run(site.Address, "operators", "add", "grace", "--role", "viewer")).Error, StringComparison.Ordinal);
        Assert.Equal(0, (await CommandLine.Run(site.Address, "operators", "remove", "grace")).ExitCode);
        Assert.NotEqual(0, (await CommandLine.Run(site.Address, "operators", "remove", "grace")).ExitCode);
        Assert.Contains("another name", (await CommandLine.Run(site.Address, "operators", "add", "local", "--role", "admin")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_operators_do_is_on_record_before_and_after_and_the_record_is_whole()
    {
        await CommandLine.Run(site.Address, "jobs", "stop", "job-on-record");

        var records = (await CommandLine.Run(site.Address, "audit", "show", "--last", "1000", "--json")).Json.EnumerateArray()
            .Select(record => record.GetProperty("entry"))
            .Where(entry => entry.GetProperty("what").GetString() == "POST /api/jobs/job-on-record/stop")
            .Select(entry => (entry.GetProperty("who").GetString(), entry.GetProperty("outcome").GetString(), entry.GetProperty("from").GetString()));
        Assert.Equal([("local", "failed", "127.0.0.1"), ("local", "begun", "127.0.0.1")], records);
        var verified = await CommandLine.Run(site.Address, "audit", "verify", "--json");
        Assert.Equal(0, verified.ExitCode);
        Assert.Empty(verified.Json.GetProperty("faults").EnumerateArray());
    }

    [Fact]
    public async Task An_end_that_is_not_the_logs_makes_verify_fail()
    {
        await Add("for-the-record", "viewer");
        var verified = await CommandLine.Run(site.Address, "audit", "verify", "--head", $"1:{new string('0', 64)}");

        Assert.NotEqual(0, verified.ExitCode);
        Assert.Contains("block 1 is not the one that was remembered", verified.Output, StringComparison.Ordinal);
    }

    private async Task<string> Add(string name, string role) =>
        (await CommandLine.Run(site.Address, "operators", "add", name, "--role", role)).Output.Trim();

    private async Task<HttpResponseMessage> Ask(string? token, string method, string path)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(new(method), new Uri(site.Address, path));
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return await http.SendAsync(request, Cancellation);
    }
}
