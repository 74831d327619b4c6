using OrleansEdge.EdgeAgent.Participation.Roaming;

namespace OrleansEdge.EdgeAgent.Tests.Participation.Roaming;

public sealed class KnownSiteTests
{
    [Fact]
    public void A_site_of_several_silos_has_a_folder_named_after_the_first()
    {
        var site = KnownSite.Parse("http://192.0.2.8:7400, http://192.0.2.9:7400", "/agent");

        Assert.Equal([new Uri("http://192.0.2.8:7400"), new Uri("http://192.0.2.9:7400")], site.Addresses);
        Assert.Equal(Path.Combine("/agent", "sites", "192.0.2.8-7400"), site.Folder);
        Assert.Null(site.Invitation);
    }

    [Theory]
    [InlineData("quarry", "'quarry' is not the address of a site: write for example --fallback http://192.0.2.8:7400.")]
    [InlineData("ftp://quarry", "'ftp://quarry' is not the address of a site: write for example --fallback http://192.0.2.8:7400.")]
    [InlineData("http://quarry:1,https://quarry:2", "--site has https:// and http:// addresses: all silos of a site are secured, or none.")]
    public void What_is_no_site_is_said(string text, string sentence) =>
        Assert.Equal(sentence, Assert.Throws<FormatException>(() => KnownSite.Parse(text, "/agent")).Message);
}
