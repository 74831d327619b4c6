using OrleansEdge.Silo.Tests.Web;

namespace OrleansEdge.Silo.Tests.Commands;

public sealed class DeviceCommandsTests(TestSite site)
{
    [Fact]
    public async Task List_and_show_say_who_is_alive_doing_what()
    {
        await site.Join("cli/dev1");

        var list = await CommandLine.Run(site.Address, "devices", "list");
        var show = await CommandLine.Run(site.Address, "devices", "show", "cli/dev1");
        var document = await CommandLine.Run(site.Address, "devices", "show", "cli/dev1", "--json");

        Assert.Matches("DEVICE +STATE +SINCE +LAST SEEN +DOING +DATA", list.Output);
        Assert.Matches("cli/dev1 +alive +0 s +0 s ago +idle +digits", list.Output);
        Assert.Contains("machine         4 cores, 8.0 GiB, Linux\n", show.Output, StringComparison.Ordinal);
        Assert.Equal("cli/dev1", document.Json.GetProperty("entry").GetProperty("participant").GetString());
    }
}
