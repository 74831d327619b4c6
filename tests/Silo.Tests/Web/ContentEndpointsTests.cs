using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Identity;
using OrleansEdge.Silo.Web;

namespace OrleansEdge.Silo.Tests.Web;

public sealed class ContentEndpointsTests(TestSite site)
{
    private static readonly Uri Address = new("/api/content", UriKind.Relative);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Put_stores_the_bytes_under_their_hash()
    {
        var bytes = new byte[3_000_000];
        new Random(1).NextBytes(bytes);

        var answer = await site.Http.PutAsync(Address, new ByteArrayContent(bytes), Stop);

        var stored = await answer.Content.ReadFromJsonAsync<ContentAnswer>(SiteJson.Options, Stop);
        Assert.Equal(ContentHash.Of(bytes), stored!.Hash);
        Assert.True((await site.Content.Read(stored.Hash, Stop)).Span.SequenceEqual(bytes));
    }

    [Fact]
    public async Task Put_of_nothing_is_refused()
    {
        var answer = await site.Http.PutAsync(Address, new ByteArrayContent([]), Stop);

        Assert.Equal(400, (int)answer.StatusCode);
        Assert.Equal("The file is empty: check its name.", (await answer.Content.ReadFromJsonAsync<ErrorAnswer>(SiteJson.Options, Stop))!.Error);
    }

    [Fact]
    public async Task Put_that_announces_too_much_is_refused_before_it_is_sent()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(site.Address.Host, site.Address.Port, Stop);
        await client.GetStream().WriteAsync(
            Encoding.ASCII.GetBytes($"PUT /api/content HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer {OperatorCredential.Find(site.Address)}\r\nContent-Length: {ContentEndpoints.MaximumLength + 1}\r\n\r\n"), Stop);

        using var reader = new StreamReader(client.GetStream());
        var answer = await reader.ReadToEndAsync(Stop);

        Assert.StartsWith("HTTP/1.1 413", answer, StringComparison.Ordinal);
        Assert.Contains("The file is larger than 1,073,741,824 bytes, the most that is taken here: check that it is the right one.", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Copy_stops_at_the_limit_where_no_length_is_announced()
    {
        using var body = new MemoryStream(new byte[11]);

        var refusal = await Assert.ThrowsAsync<ApiException>(() => RequestBody.Copy(body, "file", 10, (_, _) => ValueTask.CompletedTask, Stop));

        Assert.Equal(413, refusal.Status);
    }
}
