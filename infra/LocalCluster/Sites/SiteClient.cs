using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Identity;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Grains.Jobs;
using OrleansEdge.LocalCluster.Hierarchy;

namespace OrleansEdge.LocalCluster.Sites;

/// <summary>
/// Talks to a site over HTTP. A silo that does not answer is left for the next one, and a site that does not answer is asked again for a
/// while: it may be starting again after a kill.
/// </summary>
/// <param name="silos">The silos' addresses at the moment.</param>
/// <param name="handler">What sends requests to a secured site; null for one in clear.</param>
/// <param name="time">The clock.</param>
internal sealed class SiteClient(Func<IEnumerable<Uri>> silos, HttpMessageHandler? handler, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan TransferTimeout = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan InvitationLifetime = TimeSpan.FromDays(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private readonly HttpClient http = new(handler ?? new OperatorCredentialHandler(new SocketsHttpHandler())) { Timeout = Timeout.InfiniteTimeSpan };
    private int current;

    /// <summary>Whether every silo can work now.</summary>
    public async Task<bool> AreAllReady(CancellationToken cancellation)
    {
        foreach (var silo in silos())
        {
            using var answer = await AskOnce(silo, "health/ready", cancellation);
            if (answer is not { IsSuccessStatusCode: true })
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>How many participants are alive.</summary>
    public async Task<int> CountParticipants(CancellationToken cancellation)
    {
        var entries = await Get<JsonElement>("api/participants", cancellation);
        return entries.EnumerateArray().Count(entry => !entry.TryGetProperty("alive", out var alive) || alive.GetBoolean());
    }

    /// <summary>Makes an invitation for so many devices.</summary>
    public Task<string> Invite(int devices, CancellationToken cancellation) =>
        Invite(new { count = devices, lifetime = InvitationLifetime.TotalSeconds }, cancellation);

    /// <summary>Makes an invitation for a site below this one.</summary>
    public Task<string> InviteSite(SiteName site, CancellationToken cancellation) =>
        Invite(new { participant = site.Value, count = 1, lifetime = InvitationLifetime.TotalSeconds, isForSite = true }, cancellation);

    /// <summary>Stores a TorchScript file.</summary>
    public async Task<string> UploadContent(string path, CancellationToken cancellation)
    {
        using var answer = await Ask(() => new(HttpMethod.Put, Relative("api/content")) { Content = new StreamContent(File.OpenRead(path)) },
            TransferTimeout, cancellation);
        return (await Read<StoredContent>(answer, cancellation)).Hash;
    }

    /// <summary>Submits a job; the same submission again changes nothing.</summary>
    /// <exception cref="ClusterException">The site refuses the job file.</exception>
    public async Task Submit(string text, string fileName, string? torchScript, CancellationToken cancellation)
    {
        using var answer = await Ask(() => SubmitRequest(text, fileName, torchScript), CallTimeout, cancellation);
    }

    /// <summary>How a job stands.</summary>
    public Task<JobProgress> GetJob(JobId job, CancellationToken cancellation) => Get<JobProgress>($"api/jobs/{job}", cancellation);

    /// <summary>How a job stands; null if there is none.</summary>
    public async Task<JobProgress?> FindJob(JobId job, CancellationToken cancellation)
    {
        using var answer = await Ask(() => new(HttpMethod.Get, Relative($"api/jobs/{job}")), CallTimeout, cancellation, HttpStatusCode.NotFound);
        return answer.StatusCode == HttpStatusCode.NotFound ? null : await Read<JobProgress>(answer, cancellation);
    }

    /// <summary>The finished rounds from a number on.</summary>
    public Task<IReadOnlyList<RoundRecord>> GetRounds(JobId job, int from, CancellationToken cancellation) =>
        Get<IReadOnlyList<RoundRecord>>($"api/jobs/{job}/rounds?from={from}", cancellation);

    /// <summary>The bytes at the gateway of each silo that answers.</summary>
    public async Task<IReadOnlyList<(Uri Silo, Traffic Traffic)>> GetTraffic(CancellationToken cancellation)
    {
        var traffic = new List<(Uri, Traffic)>();
        foreach (var silo in silos())
        {
            using var answer = await AskOnce(silo, "api/traffic", cancellation);
            if (answer is { IsSuccessStatusCode: true })
            {
                traffic.Add((silo, await Read<Traffic>(answer, cancellation)));
            }
        }

        return traffic;
    }

    /// <summary>How a silo sees the link to its site's parent; null if it does not answer, or has none.</summary>
    public async Task<UplinkProgress?> FindUplink(Uri silo, CancellationToken cancellation)
    {
        using var answer = await AskOnce(silo, "api/uplink", cancellation);
        return answer is { IsSuccessStatusCode: true } ? await Read<UplinkProgress>(answer, cancellation) : null;
    }

    /// <summary>The SHA-256 of a version's weights: see <see cref="WeightsDigest"/>.</summary>
    public async Task<string> HashWeights(ModelVersionId version, CancellationToken cancellation)
    {
        using var answer =
            await Ask(() => new(HttpMethod.Get, Relative($"api/models/{version.Model}/{version.Number}/weights")), TransferTimeout, cancellation);
        await using var weights = await answer.Content.ReadAsStreamAsync(cancellation);
        return await WeightsDigest.Compute(weights, cancellation);
    }

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    private async Task<string> Invite(object order, CancellationToken cancellation)
    {
        using var answer = await Ask(
            () => new(HttpMethod.Post, Relative("api/invitations")) { Content = JsonContent.Create(order) }, CallTimeout, cancellation);
        return (await Read<InvitationCodeAnswer>(answer, cancellation)).Code;
    }

    private static Uri Relative(string path) => new(path, UriKind.Relative);

    private static HttpRequestMessage SubmitRequest(string text, string fileName, string? torchScript)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Relative(torchScript is null ? "api/jobs" : $"api/jobs?torchscript={torchScript}"))
        {
            Content = new StringContent(text, Encoding.UTF8, "text/yaml"),
        };

        // A header holds ASCII only, and a file's name anything.
        request.Headers.Add("X-File-Name", Uri.EscapeDataString(fileName));
        return request;
    }

    private static bool IsSilence(Exception exception, CancellationToken cancellation) =>
        exception is HttpRequestException or IOException or SocketException or TaskCanceledException && !cancellation.IsCancellationRequested;

    private static async Task<T> Read<T>(HttpResponseMessage answer, CancellationToken cancellation)
    {
        try
        {
            return await answer.Content.ReadFromJsonAsync<T>(SiteJson.Options, cancellation) ?? throw new JsonException("null");
        }
        catch (JsonException exception)
        {
            throw new ClusterException(
                $"The site's answer to {answer.RequestMessage?.RequestUri} is not understood " +
                $"({exception.Message.TrimEnd('.')}): build all programs from the same sources.");
        }
    }

    /// <summary>Asks one silo; null if it does not answer.</summary>
    private async Task<HttpResponseMessage?> AskOnce(Uri silo, string path, CancellationToken cancellation)
    {
        try
        {
            return await Limit(token => http.GetAsync(new Uri(silo, path), token), ProbeTimeout, cancellation);
        }
        catch (Exception exception) when (IsSilence(exception, cancellation))
        {
            return null;
        }
    }

    /// <summary>The silo that is asked now: the last one that answered, until it does not.</summary>
    private Uri Current()
    {
        var all = silos().ToList();
        return all[current % all.Count];
    }

    private async Task<T> Get<T>(string path, CancellationToken cancellation)
    {
        using var answer = await Ask(() => new(HttpMethod.Get, Relative(path)), CallTimeout, cancellation);
        return await Read<T>(answer, cancellation);
    }

    private async Task<HttpResponseMessage> Ask(
        Func<HttpRequestMessage> makeRequest, TimeSpan timeout, CancellationToken cancellation, HttpStatusCode? alsoFine = null)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            try
            {
                using var request = makeRequest();
                request.RequestUri = new Uri(Current(), request.RequestUri!);
                var answer = await Limit(token => http.SendAsync(request, token), timeout, cancellation);
                if (answer.IsSuccessStatusCode || answer.StatusCode == alsoFine)
                {
                    return answer;
                }

                using (answer)
                {
                    await Refuse(answer, request, time.GetElapsedTime(began) < Patience, cancellation);
                }
            }
            catch (Exception exception) when (IsSilence(exception, cancellation) && time.GetElapsedTime(began) < Patience)
            {
                // Another silo is asked below, or the same one again.
            }
            catch (Exception exception) when (IsSilence(exception, cancellation))
            {
                throw new ClusterException($"The site at {string.Join(", ", silos())} has not answered for {Patience.TotalSeconds:0} seconds: {exception.Message}");
            }

            current++;
            await Task.Delay(Pause, time, cancellation);
        }
    }

    private static async Task Refuse(HttpResponseMessage answer, HttpRequestMessage request, bool mayRecover, CancellationToken cancellation)
    {
        if ((int)answer.StatusCode >= 500 && mayRecover)
        {
            return;
        }

        string? sentence = null;
        try
        {
            sentence = (await answer.Content.ReadFromJsonAsync<SiteError>(SiteJson.Options, cancellation))?.Error;
        }
        catch (JsonException)
        {
            // Not from the API itself, such as an unknown path.
        }

        throw new ClusterException(sentence ?? $"The site answers {(int)answer.StatusCode} to {request.Method} {request.RequestUri}: read its log.");
    }

    private async Task<T> Limit<T>(Func<CancellationToken, Task<T>> call, TimeSpan timeout, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        return await call(either.Token);
    }
}
