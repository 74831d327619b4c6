using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using OrleansEdge.Contracts.Sites;
using OrleansEdge.Participation.Doctor;

namespace OrleansEdge.EdgeAgent.Tests.Doctor;

/// <summary>What the doctor says of other machines and the way to them.</summary>
public sealed class NetworkCheckTests
{
    private static readonly Uri Site = new("https://harbour.example:7400");
    private static readonly Server Server = Server.Of("site", Site, "--site");

    [Theory]
    [InlineData(0, "Ok", "It agrees with that of the site at https://harbour.example:7400, to 0 s.")]
    [InlineData(-45, "Ok", "It agrees with that of the site at https://harbour.example:7400, to 45 s.")]
    [InlineData(180, "Warning", "It is 3 minutes ahead of that of the site at https://harbour.example:7400: set both, for example with chrony or systemd-timesyncd.")]
    [InlineData(-7300, "Problem",
        "It is 2 hours behind that of the site at https://harbour.example:7400, and with more than an hour certificates are refused: set both, for example with chrony or systemd-timesyncd.")]
    public async Task Clock_is_compared_with_the_sites_answer(int ahead, string severity, string sentence)
    {
        using var handler = new TestHandler(_ => new(HttpStatusCode.OK) { Headers = { Date = TestMachine.Now.AddSeconds(-ahead) } });

        var finding = await TestMachine.Only(new ClockCheck("site", [Site], TestMachine.Sound, handler));

        Assert.Equal(new Finding(Enum.Parse<Severity>(severity), "clock", sentence), finding);
    }

    [Fact]
    public async Task Clock_of_a_site_that_does_not_answer_cannot_be_compared()
    {
        using var handler = new TestHandler(_ => throw new HttpRequestException("nobody there"));

        var finding = await TestMachine.Only(new ClockCheck("site", [Site], TestMachine.Sound, handler));

        Assert.Equal(Severity.Warning, finding.Severity);
        Assert.StartsWith("It could not be compared with that of the site", finding.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Second_silo_is_asked_for_the_time_where_the_first_does_not_answer()
    {
        using var handler = new TestHandler(request => request.RequestUri!.Port == 7400
            ? throw new HttpRequestException("nobody there")
            : new(HttpStatusCode.OK) { Headers = { Date = TestMachine.Now } });

        Assert.Equal(Severity.Ok, (await TestMachine.Only(new ClockCheck("site", [Site, new("https://harbour.example:7401")], TestMachine.Sound, handler))).Severity);
    }

    [Fact]
    public async Task Name_that_cannot_be_looked_up_is_told_once_and_not_connected_to()
    {
        var machine = TestMachine.Sound with { Resolve = (_, _) => throw new SocketException((int)SocketError.HostNotFound), Connect = (_, _, _) => throw TestMachine.Refused };

        var finding = await TestMachine.Only(new ServerCheck(Server, machine));

        Assert.Equal((Severity.Problem, "name of the site"), (finding.Severity, finding.Subject));
        Assert.StartsWith("harbour.example cannot be looked up (", finding.Sentence, StringComparison.Ordinal);
        Assert.EndsWith("check --site for a slip, and this machine's name servers in /etc/resolv.conf, or write it into /etc/hosts.", finding.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dead_site_is_told_from_one_that_cannot_be_reached()
    {
        var dead = await new ServerCheck(Server, TestMachine.Sound with { Connect = (_, _, _) => throw TestMachine.Refused }).Look(TestContext.Current.CancellationToken);
        var away = await new ServerCheck(Server, TestMachine.Sound with { Connect = (_, _, _) => throw new TimeoutException() }).Look(TestContext.Current.CancellationToken);

        Assert.Equal(Finding.Problem("site", "Nothing listens at harbour.example:7400: start it there, or correct --site."), dead[^1]);
        Assert.StartsWith("harbour.example:7400 cannot be reached (no answer)", away[^1].Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://127.0.0.1:7400", Severity.Problem)]
    [InlineData("https://192.168.1.5:7400", Severity.Problem)]
    [InlineData("https://172.20.0.1:7400", Severity.Problem)]
    [InlineData("https://harbour:7400", Severity.Problem)]
    [InlineData("https://harbour.local:7400", Severity.Problem)]
    [InlineData("https://[fe80::1]:7400", Severity.Problem)]
    [InlineData("https://harbour.example:7400", Severity.Warning)]
    [InlineData("https://172.32.0.1:7400", Severity.Warning)]
    internal async Task Proxy_that_would_catch_local_traffic_is_a_problem(string target, Severity severity)
    {
        var machine = TestMachine.Sound with { Proxy = new CatchAll() };

        var finding = await TestMachine.Only(new ProxyCheck([new(target)], machine));

        Assert.Equal(severity, finding.Severity);
        Assert.StartsWith($"What is meant for {new Uri(target).Authority} would go through http://proxy.example:3128", finding.Sentence, StringComparison.Ordinal);
        Assert.Contains($"add {new Uri(target).Host} to the environment variable NO_PROXY", finding.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_proxy_is_as_it_should_be() => Assert.Equal(
        Finding.Ok("proxy", "No proxy stands before harbour.example:7400."), await TestMachine.Only(new ProxyCheck([Site], TestMachine.Sound)));

    [Fact]
    public async Task Site_of_another_contract_and_a_gateway_that_is_closed_are_problems()
    {
        var site = new SiteDescription("harbour", "harbour", "orleansedge", ["192.0.2.7:30000", "192.0.2.8:30000"], 99) { Protection = "certificates" };
        using var handler = new TestHandler(_ => new(HttpStatusCode.OK) { Content = JsonContent.Create(site) });
        var machine = TestMachine.Sound with { Connect = (host, _, _) => host == "192.0.2.8" ? throw TestMachine.Refused : Task.CompletedTask };

        var findings = await new SiteCheck([Site], handler, machine).Look(TestContext.Current.CancellationToken);

        Assert.Equal([Severity.Problem, Severity.Ok, Severity.Problem], findings.Select(finding => finding.Severity));
        Assert.Equal($"The site 'harbour' speaks version 99 and this program version {SiteDescription.CurrentContractVersion}: install the same release on both.", findings[0].Sentence);
        Assert.StartsWith("The site tells devices to connect to 192.0.2.8:30000, and that cannot be reached from here", findings[2].Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Something_else_than_a_site_is_a_problem()
    {
        using var handler = new TestHandler(_ => new(HttpStatusCode.OK) { Content = new StringContent("hello") });

        Assert.StartsWith("What answers is not the site that is meant", (await TestMachine.Only(new SiteCheck([Site], handler, TestMachine.Sound))).Sentence, StringComparison.Ordinal);
    }

    private sealed class CatchAll : IWebProxy
    {
        public ICredentials? Credentials { get; set; }

        public Uri GetProxy(Uri destination) => new("http://proxy.example:3128");

        public bool IsBypassed(Uri host) => false;
    }
}
