using System.Collections.Immutable;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using OrleansEdge.Contracts.Faults.Network;
using OrleansEdge.Contracts.Identity;
using OrleansEdge.Contracts.Security.Enrolment;
using OrleansEdge.Contracts.Sites;
using OrleansEdge.Participation;

namespace OrleansEdge.Participation.Connection;

/// <summary>
/// Asks a site's HTTP ports who it is and where its gateways are. Any silo of the site can answer; the silos that an answer names are asked too
/// when the ones before do not answer any more.
/// </summary>
/// <param name="given">The addresses that the user gave: one at least.</param>
/// <param name="time">The clock.</param>
/// <param name="cut">Cuts this process off, under test.</param>
/// <param name="handler">What sends requests; null: the network.</param>
internal sealed class SiteDirectory(IReadOnlyList<Uri> given, TimeProvider time, NetworkCut? cut = null, HttpMessageHandler? handler = null) : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    private readonly HttpClient _http = new(handler ?? new SocketsHttpHandler()) { Timeout = Timeout, MaxResponseContentBufferSize = SiteAnswer.MaximumLength };
    private ImmutableArray<Uri> _addresses = [.. given];
    private string? _cluster;

    /// <summary>Where the site is: the address that answered last comes first.</summary>
    public IReadOnlyList<Uri> Addresses => _addresses;

    /// <summary>What the site said of itself last; null before it has answered.</summary>
    public SiteDescription? Latest { get; private set; }

    /// <summary>How far the site's clock is ahead of this machine's, to the second; null where it does not say.</summary>
    public TimeSpan? ClockDifference { get; private set; }

    /// <summary>Asks one silo after the other, until one answers.</summary>
    /// <exception cref="HttpRequestException">Nobody answers, or something else than this site.</exception>
    /// <exception cref="ParticipantRefusedException">The site refuses.</exception>
    public async Task<SiteDescription> Ask(CancellationToken cancellation)
    {
        HttpRequestException? last = null;
        foreach (var address in _addresses)
        {
            try
            {
                var description = await Ask(address, cancellation);
                _cluster ??= description.ClusterId;
                _addresses = Learn(address, description);
                Latest = description;
                return description;
            }
            catch (HttpRequestException exception)
            {
                last = exception;
            }
        }

        throw last!;
    }

    /// <summary>Asks one silo after the other for a token, until one answers.</summary>
    /// <exception cref="ParticipantRefusedException">The site gives none to whoever asks.</exception>
    /// <exception cref="HttpRequestException">Nobody answers.</exception>
    public async Task<TokenReply> RequestToken(TokenRequest request, HttpClient? client, CancellationToken cancellation)
    {
        HttpRequestException? last = null;
        foreach (var address in _addresses)
        {
            try
            {
                return await RequestToken(address, request, client ?? _http, cancellation);
            }
            catch (HttpRequestException exception)
            {
                last = exception;
            }
        }

        throw last!;
    }

    /// <summary>The gateways of a description.</summary>
    public static IReadOnlyList<IPEndPoint> Gateways(SiteDescription description) => [.. description.Gateways.Select(IPEndPoint.Parse)];

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private Task<SiteDescription> Ask(Uri address, CancellationToken cancellation) => Reach(address, async () =>
    {
        using var response = await _http.GetAsync(new Uri(address, "/site"), cancellation);
        await RequireWelcome(response, cancellation);
        ClockDifference = response.Headers.Date is { } date ? date - time.GetUtcNow() : null;
        var description = SiteAnswer.Read(await response.Content.ReadAsByteArrayAsync(cancellation));
        return _cluster is null || description.ClusterId == _cluster
            ? description
            : throw new HttpRequestException($"{address} is the site '{description.Name}' now.");
    }, cancellation);

    private Task<TokenReply> RequestToken(Uri address, TokenRequest request, HttpClient client, CancellationToken cancellation) => Reach(address, async () =>
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, new Uri(address, TokenRequest.Path)) { Content = JsonContent.Create(request) };
        if (request.Participant is null && OperatorCredential.Find(address) is { } credential)
        {
            message.Headers.Authorization = new("Bearer", credential);
        }

        using var answer = await client.SendAsync(message, cancellation);
        if (answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
        {
            var refusal = await answer.Content.ReadFromJsonAsync<TokenRefusal>(cancellation);
            throw new ParticipantRefusedException(refusal?.Error ?? $"{address} refuses who asks.");
        }

        if (answer.StatusCode == HttpStatusCode.ServiceUnavailable && await ReasonOf(answer, cancellation) is { } reason)
        {
            throw new HttpRequestException(reason);
        }

        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadFromJsonAsync<TokenReply>(cancellation) is { Token: not null } reply
            ? reply
            : throw new HttpRequestException($"{address} is not a site: it answers nothing.");
    }, cancellation);

    /// <summary>What a site says that cannot take this participant now; null where something before it says so, which speaks no JSON.</summary>
    private static async Task<string?> ReasonOf(HttpResponseMessage answer, CancellationToken cancellation) =>
        answer.Content.Headers.ContentType?.MediaType == "application/json"
            ? (await answer.Content.ReadFromJsonAsync<TokenRefusal>(cancellation))?.Error
            : null;

    private async Task<T> Reach<T>(Uri address, Func<Task<T>> ask, CancellationToken cancellation)
    {
        if (cut is { IsOn: true })
        {
            throw new HttpRequestException($"{address} cannot be reached: the network is cut, under test.");
        }

        try
        {
            return await ask();
        }
        catch (JsonException exception)
        {
            throw new HttpRequestException($"{address} is not a site: it answers something else than a description of itself.", exception);
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            // A connection that is reset as soon as it is made comes as this.
            throw new HttpRequestException($"{address} breaks the connection: {exception.Message}", exception);
        }
        catch (OperationCanceledException exception) when (!cancellation.IsCancellationRequested)
        {
            throw new HttpRequestException($"{address} does not answer within {Timeout.TotalSeconds:0} s.", exception);
        }
    }

    /// <summary>What a site answers to a stranger, or to one who speaks in clear where it does not, is meant for whoever runs this device.</summary>
    /// <exception cref="ParticipantRefusedException">The site refuses.</exception>
    private static async Task RequireWelcome(HttpResponseMessage response, CancellationToken cancellation)
    {
        if (response.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden
            && response.Content.Headers.ContentType?.MediaType == "application/json")
        {
            throw new ParticipantRefusedException((await response.Content.ReadFromJsonAsync<EnrolmentError>(cancellation))?.Error
                ?? $"the site answers {(int)response.StatusCode}.");
        }

        response.EnsureSuccessStatusCode();
    }

    /// <summary>Who has answered, then whom it names, then what the user gave: a site may come back where it once was.</summary>
    private ImmutableArray<Uri> Learn(Uri answered, SiteDescription description)
    {
        var named = description.Addresses.Where(text => Uri.IsWellFormedUriString(text, UriKind.Absolute)).Select(text => new Uri(text));
        return [.. new[] { answered }.Concat(named).Concat(given).Distinct()];
    }
}
