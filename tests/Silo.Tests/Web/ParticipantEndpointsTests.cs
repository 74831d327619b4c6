using System.Text.Json;

namespace OrleansEdge.Silo.Tests.Web;

public sealed class ParticipantEndpointsTests(TestSite site)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_device_that_joined_is_listed_and_shown_under_an_id_with_slashes()
    {
        await site.Join("harbour/dev7");

        var list = JsonElement.Parse(await site.Http.GetStringAsync(new Uri("/api/participants", UriKind.Relative), Stop));
        var shown = JsonElement.Parse(await site.Http.GetStringAsync(new Uri("/api/participants/harbour/dev7", UriKind.Relative), Stop));

        var entry = list.EnumerateArray().Single(one => one.GetProperty("participant").GetString() == "harbour/dev7");
        Assert.True(entry.GetProperty("alive").GetBoolean());
        Assert.Equal("digits", entry.GetProperty("data")[0].GetString());
        Assert.Equal(4, shown.GetProperty("profile").GetProperty("cores").GetInt32());
    }

    [Theory]
    [InlineData("no-such-device", 404, "There is no device 'no-such-device' that ever joined this site: 'devices list' shows who is here.")]
    [InlineData("Dev_1", 400, "'Dev_1' is not a participant id")]
    public async Task Wrong_ids_get_a_sentence(string id, int status, string sentence)
    {
        var answer = await site.Http.GetAsync(new Uri($"/api/participants/{id}", UriKind.Relative), Stop);

        Assert.Equal(status, (int)answer.StatusCode);
        var error = JsonElement.Parse(await answer.Content.ReadAsStringAsync(Stop)).GetProperty("error").GetString();
        Assert.StartsWith(sentence, error, StringComparison.Ordinal);
    }
}
