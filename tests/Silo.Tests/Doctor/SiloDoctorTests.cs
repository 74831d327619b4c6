using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Security.Files;
using OrleansEdge.Participation.Doctor;
using OrleansEdge.Silo.Doctor;
using OrleansEdge.Silo.Tests.Commands;
using OrleansEdge.Silo.Tests.Hosting.Clustering;

namespace OrleansEdge.Silo.Tests.Doctor;

/// <summary>What a silo's doctor says of ports, certificates, Redis and the store; and the program as a whole.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class SiloDoctorTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();

    private CertificateFolder Certificates => new(Path.Combine(_folder.Path, "certificates"));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Taken_port_is_told_with_who_has_it()
    {
        using var other = Listen();
        var port = ((IPEndPoint)other.LocalEndPoint!).Port;

        var found = await Only(new PortCheck(IPAddress.Loopback, port, "--urls", PortOwner.Find));
        var silo = await Only(new PortCheck(IPAddress.Loopback, port, "--urls", _ => new PortOwner(7, "Silo.dll")));
        var hidden = await Only(new PortCheck(IPAddress.Loopback, port, "--urls", _ => null));

        Assert.Equal(Severity.Problem, found.Severity);
        Assert.EndsWith($"process {Environment.ProcessId}: end it, or choose another port with --urls.", found.Sentence, StringComparison.Ordinal);
        Assert.Equal(Finding.Ok("port", $"{port} of --urls is in use by a silo that runs, process 7."), silo);
        Assert.Contains("by a process of another user", hidden.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Address_of_another_machine_is_a_problem() => Assert.Equal(
        Finding.Problem("port", "7400 cannot be opened, since 192.0.2.7 is no address of this machine: give one of those that 'ip address' shows."),
        await Only(new PortCheck(IPAddress.Parse("192.0.2.7"), 7400, "--urls", _ => null)));

    [Theory]
    [InlineData("   0: 0100007F:1CE8 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 31415 1 0000000000000000 100 0 0 10 0", "socket:[31415]")]
    [InlineData("   0: 0100007F:1CE8 00000000:0000 01 00000000:00000000 00:00000000 00000000     0        0 31415 1 0000000000000000 100 0 0 10 0", null)]
    [InlineData("   0: 0100007F:1CE9 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 31415 1 0000000000000000 100 0 0 10 0", null)]
    [InlineData("  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode", null)]
    public void Socket_that_listens_is_read_from_the_kernels_table(string line, string? socket) => Assert.Equal(socket, PortOwner.SocketOf(line, 7400));

    [Fact]
    public async Task Certificates_are_judged_by_site_rights_and_end()
    {
        Certificates.Init(SiteName.Parse("harbour"), null, Now);

        var fresh = await Look(new CertificatesCheck(Certificates, SiteName.Parse("harbour"), new StandingClock(Now)));
        Assert.Equal([Severity.Ok, Severity.Warning], fresh.Select(finding => finding.Severity));
        Assert.Contains("The authority's key is in", fresh[1].Sentence, StringComparison.Ordinal);

        var late = await Look(new CertificatesCheck(Certificates, SiteName.Parse("harbour"), new StandingClock(Now.AddDays(700))));
        Assert.StartsWith("Those of the site 'harbour' end on 2028-02-29", late[0].Sentence, StringComparison.Ordinal);
        Assert.StartsWith("That of the operator 'admin' has ended on 2027-03-01", late[^1].Sentence, StringComparison.Ordinal);

        Assert.Contains("holds the certificates of the site 'harbour'", (await Only(new CertificatesCheck(Certificates, SiteName.Parse("lake"), new StandingClock(Now)))).Sentence, StringComparison.Ordinal);
        Assert.Contains("has expired", (await Only(new CertificatesCheck(Certificates, SiteName.Parse("harbour"), new StandingClock(Now.AddDays(800))))).Sentence, StringComparison.Ordinal);

        File.SetUnixFileMode(Certificates.SiteKey, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        Assert.Contains("can be read by others than its owner", (await Only(new CertificatesCheck(Certificates, SiteName.Parse("harbour"), new StandingClock(Now)))).Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DefaultEndpointsProtocol=https;AccountName=orchard;AccountKey=c2VjcmV0;EndpointSuffix=core.windows.net", "https://orchard.blob.core.windows.net/")]
    [InlineData("BlobEndpoint=http://azurite:10000/a;AccountName=a;AccountKey=c2VjcmV0", "http://azurite:10000/a")]
    [InlineData("UseDevelopmentStorage=true", "http://127.0.0.1:10000/")]
    public void Connection_string_leads_to_its_service(string connection, string address) => Assert.Equal(address, StoreConnectionCheck.EndpointOf(connection).AbsoluteUri);

    [Fact]
    public void Connection_string_without_a_service_is_not_repeated() =>
        Assert.DoesNotContain("c2VjcmV0", Assert.Throws<FormatException>(() => StoreConnectionCheck.EndpointOf("AccountKey=c2VjcmV0")).Message, StringComparison.Ordinal);

    [Fact]
    public void Redis_that_forgets_is_a_warning()
    {
        Assert.Equal(Severity.Ok, RedisCheck.JudgeKeeping("# Persistence\r\naof_enabled:1\r\n").Severity);
        Assert.Equal(Severity.Warning, RedisCheck.JudgeKeeping("# Persistence\r\naof_enabled:0\r\n").Severity);
    }

    [Fact]
    public async Task Redis_is_asked_for_its_time_and_for_what_it_keeps()
    {
        await using var redis = await TestRedis.Start("right");

        var agrees = await Look(new RedisCheck(redis.Address, "right", TimeProvider.System));
        var differs = await Look(new RedisCheck(redis.Address, "right", new StandingClock(Now)));

        Assert.Equal([Severity.Ok, Severity.Warning], agrees.Select(finding => finding.Severity));
        Assert.Contains("run it with --appendonly yes", agrees[1].Sentence, StringComparison.Ordinal);
        Assert.Contains("silos of one site may differ by 4 s at most", differs[0].Sentence, StringComparison.Ordinal);
        Assert.Contains("does not take this password", (await Only(new RedisCheck(redis.Address, "wrong", TimeProvider.System))).Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Program_says_all_that_is_wrong_and_ends_with_1()
    {
        using var other = Listen();
        var port = ((IPEndPoint)other.LocalEndPoint!).Port;
        string[] line =
        [
            "exec", Path.Combine(AppContext.BaseDirectory, "Silo.dll"), "doctor", "--name", "harbour", "--urls", $"http://127.0.0.1:{port}", "--silo-port", "17998",
            "--gateway-port", "17999", "--store", Path.Combine(_folder.Path, "store"), "--parent", "http://127.0.0.1:1",
        ];
        var info = new ProcessStartInfo("dotnet", line) { RedirectStandardOutput = true, RedirectStandardError = true, Environment = { ["ORLEANSEDGE_CERTIFICATES"] = "" } };
        using var process = Process.Start(info)!;
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal((1, ""), (process.ExitCode, await error));
        Assert.Contains($"problem  port: {port} is in use by '", output, StringComparison.Ordinal);
        Assert.Contains("problem  parent: Nothing listens at 127.0.0.1:1: start it there, or correct --parent.", output, StringComparison.Ordinal);
        Assert.Contains($"ok       store: {Path.Combine(_folder.Path, "store")}, which will be made, can be written", output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_folder.Path, "store")));
        Assert.Equal(2, output.Split('\n').Count(line => line.StartsWith("problem", StringComparison.Ordinal)));
    }

    private static Socket Listen()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        socket.Listen(1);
        return socket;
    }

    private static async Task<IReadOnlyList<Finding>> Look(IDoctorCheck check) => await check.Look(TestContext.Current.CancellationToken);

    private static async Task<Finding> Only(IDoctorCheck check) => Assert.Single(await Look(check));

    private sealed class StandingClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
