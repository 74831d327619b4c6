using System.Net;
using OrleansEdge.Silo.Hosting;

namespace OrleansEdge.Silo.Tests.Hosting;

public sealed class SiteAddressTests
{
    [Fact]
    public void Site_in_clear_is_for_this_machine_by_default()
    {
        var address = SiteAddress.Read(null, null, isSecured: false, isInsecure: false);
        Assert.Equal(("http://127.0.0.1:7400/", IPAddress.Loopback, IPAddress.Loopback), (address.Url.ToString(), address.Advertised, address.Listen));
    }

    [Fact]
    public void Site_with_certificates_speaks_HTTPS_by_default() =>
        Assert.Equal("https://127.0.0.1:7400/", SiteAddress.Read(null, null, isSecured: true, isInsecure: false).Url.ToString());

    [Theory]
    [InlineData("https://0.0.0.0:7400", "192.0.2.7", "https://192.0.2.7:7400/")]
    [InlineData("https://[::]:7400", "2001:db8::7", "https://[2001:db8::7]:7400/")]
    [InlineData("https://10.0.0.5:7400", "192.0.2.7", "https://192.0.2.7:7400/")]
    [InlineData("https://10.0.0.5:7400", null, "https://10.0.0.5:7400/")]
    [InlineData("https://localhost:7400", null, "https://localhost:7400/")]
    public void Others_are_told_the_address_under_which_they_reach_it(string url, string? advertise, string told) =>
        Assert.Equal(told, SiteAddress.Read(url, advertise, isSecured: true, isInsecure: false).Url.ToString());

    [Theory]
    [InlineData("http://192.0.2.7:7400", null, false, "a site in clear is only for this machine, and 192.0.2.7 is for others, too")]
    [InlineData("http://127.0.0.1:7400", "192.0.2.7", false, "and 192.0.2.7 is for others, too")]
    [InlineData("http://0.0.0.0:7400", "127.0.0.1", false, "and 0.0.0.0 is for others, too")]
    [InlineData("http://0.0.0.0:7400", null, false, "0.0.0.0 means all addresses of this machine, and others must be told one: give --advertise ADDRESS.")]
    [InlineData("https://[::]:7400", null, true, "means all addresses of this machine")]
    [InlineData("https://0.0.0.0:7400", "0.0.0.0", true, "--advertise is '0.0.0.0'")]
    [InlineData("https://0.0.0.0:7400", "harbour.example", true, "--advertise is 'harbour.example'")]
    [InlineData("https://harbour.example:7400", null, true, "'harbour.example' in --urls is a name")]
    [InlineData("https://127.0.0.1:7400", null, false, "HTTPS needs certificates")]
    [InlineData("http://127.0.0.1:7400", null, true, "the site has certificates, so it speaks HTTPS: write --urls https://127.0.0.1:7400.")]
    public void What_would_open_a_site_by_mistake_is_refused(string url, string? advertise, bool isSecured, string sentence) => Assert.Contains(
        sentence, Assert.Throws<FormatException>(() => SiteAddress.Read(url, advertise, isSecured, isInsecure: false)).Message, StringComparison.Ordinal);

    [Fact]
    public void Operator_who_wants_it_open_gets_it_so_but_not_with_certificates()
    {
        Assert.Equal("http://192.0.2.7:7400/", SiteAddress.Read("http://192.0.2.7:7400", null, isSecured: false, isInsecure: true).Url.ToString());
        Assert.Throws<FormatException>(() => SiteAddress.Read(null, null, isSecured: true, isInsecure: true));
    }
}
