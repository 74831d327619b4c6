using System.Globalization;
using System.Net;
using System.Text;
using OrleansEdge.EndToEnd.Tests.Telemetry;

namespace OrleansEdge.EndToEnd.Tests.Sites;

/// <summary>Hands on what is asked of a site's HTTP port, and answers as a machine whose clock is wrong, or as another program.</summary>
internal sealed class OddParent : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly HttpClient _client;
    private readonly TimeSpan _ahead;
    private readonly Task _serving;

    /// <summary>Begins to hand on.</summary>
    /// <param name="site">The site.</param>
    /// <param name="ahead">How much later its clock appears to be.</param>
    public OddParent(Uri site, TimeSpan ahead)
    {
        _client = new() { BaseAddress = site };
        _ahead = ahead;
        Address = new($"http://127.0.0.1:{Ports.Take().ToString(CultureInfo.InvariantCulture)}/");
        _listener.Prefixes.Add(Address.ToString());
        _listener.Start();
        _serving = Serve();
    }

    /// <summary>What is answered to every question in the site's place; null for what the site answers.</summary>
    public string? Instead { get; init; }

    /// <summary>Where it is.</summary>
    public Uri Address { get; }

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _serving;
        _client.Dispose();
    }

    private async Task Serve()
    {
        try
        {
            while (true)
            {
                await HandOn(await _listener.GetContextAsync());
            }
        }
        catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
        {
            // It is over.
        }
    }

    private async Task HandOn(HttpListenerContext context)
    {
        if (Instead is not null)
        {
            context.Response.Close(Encoding.UTF8.GetBytes(Instead), willBlock: true);
            return;
        }

        using var request = new HttpRequestMessage(new(context.Request.HttpMethod), context.Request.RawUrl);
        if (context.Request.HasEntityBody)
        {
            request.Content = new StreamContent(context.Request.InputStream);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", context.Request.ContentType);
        }

        using var answer = await _client.SendAsync(request);
        context.Response.StatusCode = (int)answer.StatusCode;
        context.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
        context.Response.Headers["Date"] = (answer.Headers.Date + _ahead)?.ToString("r");
        context.Response.Close(await answer.Content.ReadAsByteArrayAsync(), willBlock: true);
    }
}
