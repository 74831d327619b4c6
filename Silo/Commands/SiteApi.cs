using System.Collections.Immutable;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using System.Text.Json;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Identity;
using OrleansEdge.Grains.Audit;
using OrleansEdge.Grains.Jobs;
using OrleansEdge.Grains.Participants;
using OrleansEdge.Silo.Identity;
using OrleansEdge.Silo.Web;

namespace OrleansEdge.Silo.Commands;

/// <summary>A site's HTTP API, as a program calls it. All calls throw <see cref="CommandException"/> with a sentence for a person.</summary>
internal sealed class SiteApi : IDisposable
{
    /// <summary>Where a site is when nothing else is said.</summary>
    public const string DefaultAddress = "http://127.0.0.1:7400";

    /// <summary>Where a secured site is when nothing else is said.</summary>
    public const string DefaultSecuredAddress = "https://127.0.0.1:7400";

    /// <summary>The environment variable that says where the site is: one address, or those of several silos with commas.</summary>
    public const string Variable = "ORLEANSEDGE_SITE";

    /// <summary>How long a connection may take.</summary>
    public static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(30);

    private readonly HttpClient _client;
    private readonly IReadOnlyList<Uri> _silos;
    private Uri _site;

    /// <summary>An API of a site.</summary>
    /// <param name="silos">The addresses of the site's silos, one at least; the first that takes a connection is asked.</param>
    /// <param name="handler">What sends requests; null: the network.</param>
    public SiteApi(IReadOnlyList<Uri> silos, HttpMessageHandler? handler = null)
    {
        _silos = silos;
        _site = silos[0];
        // Uploads and downloads may take long; the other calls have a limit each.
        _client = new HttpClient(new OperatorCredentialHandler(handler ?? new SocketsHttpHandler { ConnectTimeout = ConnectLimit })) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Reads an address that a person wrote.</summary>
    /// <exception cref="CommandException">It is not one.</exception>
    public static Uri ParseAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var site) && site.Scheme is "http" or "https"
            ? site!
            : throw new CommandException($"'{text}' is not the address of a site: write http://HOST:PORT.", ExitCodes.WrongInput);

    public Task<ImmutableArray<JobStatus>> ListJobs(CancellationToken cancellation) => Get<ImmutableArray<JobStatus>>("jobs", cancellation);

    public Task<JobStatus> GetJob(JobId job, CancellationToken cancellation) => Get<JobStatus>($"jobs/{job}", cancellation);

    /// <summary>The records of finished rounds from <paramref name="from"/> on, at most as many as the site gives at once.</summary>
    public Task<ImmutableArray<RoundRecord>> GetRounds(JobId job, int from, CancellationToken cancellation) =>
        Get<ImmutableArray<RoundRecord>>($"jobs/{job}/rounds?from={from}", cancellation);

    /// <summary>The records of all finished rounds.</summary>
    public async Task<ImmutableArray<RoundRecord>> GetAllRounds(JobId job, CancellationToken cancellation)
    {
        var rounds = ImmutableArray.CreateBuilder<RoundRecord>();
        while (await GetRounds(job, rounds.Count == 0 ? 1 : rounds[^1].Round + 1, cancellation) is { IsEmpty: false } more)
        {
            rounds.AddRange(more);
        }

        return rounds.ToImmutable();
    }

    /// <summary>The job's file in canonical form.</summary>
    public Task<string> GetJobFile(JobId job, CancellationToken cancellation) => Call(
        () => new(HttpMethod.Get, $"jobs/{job}/file"), (response, stop) => response.Content.ReadAsStringAsync(stop), cancellation);

    /// <summary>Submits a job file; the same file again is the same job.</summary>
    public Task<JobStatus> SubmitJob(string text, string fileName, ContentHash? torchScript, CancellationToken cancellation) => Call(
        () =>
        {
            var request = new HttpRequestMessage(HttpMethod.Post, torchScript is { } hash ? $"jobs?torchscript={hash}" : "jobs")
            {
                Content = new StringContent(text, Encoding.UTF8, "text/yaml"),
            };
            request.Headers.Add(SiteHeaders.FileName, Uri.EscapeDataString(fileName));
            return request;
        },
        Read<JobStatus>, cancellation);

    /// <summary>Tells a job to <c>pause</c>, <c>resume</c> or <c>stop</c>.</summary>
    public Task<JobStatus> SteerJob(JobId job, string action, CancellationToken cancellation) => Post<JobStatus>($"jobs/{job}/{action}", cancellation);

    public Task<ImmutableArray<ModelEntry>> ListModels(CancellationToken cancellation) => Get<ImmutableArray<ModelEntry>>("models", cancellation);

    public Task<ModelAnswer> GetModel(ModelName model, int limit, CancellationToken cancellation) =>
        Get<ModelAnswer>($"models/{model}?limit={limit}", cancellation);

    public Task<VersionAnswer> GetVersion(VersionReference version, CancellationToken cancellation) =>
        Get<VersionAnswer>($"models/{version.Model}/{version.Number}", cancellation);

    public Task<ModelEntry> Promote(VersionReference version, CancellationToken cancellation) =>
        Post<ModelEntry>($"models/{version.Model}/promote/{version.Number}", cancellation);

    public Task<ModelEntry> Rollback(ModelName model, CancellationToken cancellation) => Post<ModelEntry>($"models/{model}/rollback", cancellation);

    /// <summary>Prunes a model; may take long. Null: what the site's configuration says.</summary>
    public Task<PruneAnswer> Prune(ModelName model, int? keepLast, string? keepBest, bool dryRun, CancellationToken cancellation) => Send(
        new(HttpMethod.Post, $"models/{model}/prune?dryRun={(dryRun ? "true" : "false")}"
            + (keepLast is { } last ? $"&keepLast={last}" : "") + (keepBest is null ? "" : $"&keepBest={Uri.EscapeDataString(keepBest)}")),
        Read<PruneAnswer>, cancellation);

    /// <summary>Makes an invitation.</summary>
    public Task<InvitationAnswer> Invite(InvitationOrder order, CancellationToken cancellation) => Send(
        new(HttpMethod.Post, "invitations") { Content = JsonContent.Create(order, options: SiteJson.Options) }, Read<InvitationAnswer>, cancellation);

    /// <summary>Who has enrolled.</summary>
    public Task<ImmutableArray<EnrolmentEntry>> ListEnrolments(CancellationToken cancellation) => Get<ImmutableArray<EnrolmentEntry>>("enrolments", cancellation);

    /// <summary>Lets a device in that waits.</summary>
    public Task<EnrolmentEntry> Approve(ParticipantId device, CancellationToken cancellation) => Post<EnrolmentEntry>($"enrolments/approve/{device}", cancellation);

    /// <summary>Shuts a device out.</summary>
    public Task<EnrolmentEntry> Revoke(ParticipantId device, CancellationToken cancellation) => Post<EnrolmentEntry>($"enrolments/revoke/{device}", cancellation);

    public Task<ImmutableArray<FleetEntry>> ListParticipants(CancellationToken cancellation) =>
        Get<ImmutableArray<FleetEntry>>("participants", cancellation);

    public Task<ParticipantStatus> GetParticipant(ParticipantId participant, CancellationToken cancellation) =>
        Get<ParticipantStatus>($"participants/{participant}", cancellation);

    public Task<ImmutableArray<OperatorEntry>> ListOperators(CancellationToken cancellation) =>
        Get<ImmutableArray<OperatorEntry>>("operators", cancellation);

    public Task<OperatorAdded> AddOperator(OperatorName name, string role, CancellationToken cancellation) =>
        Post<OperatorAdded>($"operators/{name}?role={role}", cancellation);

    /// <summary>Revokes the certificates that an operator has now.</summary>
    public Task<bool> RevokeOperator(OperatorName name, CancellationToken cancellation) =>
        Call(() => new(HttpMethod.Post, $"operators/{name}/revoke"), (_, _) => Task.FromResult(true), cancellation);

    public Task<bool> RemoveOperator(OperatorName name, CancellationToken cancellation) =>
        Call(() => new(HttpMethod.Delete, $"operators/{name}"), (_, _) => Task.FromResult(true), cancellation);

    public Task<ImmutableArray<AuditRecord>> GetAudit(int last, CancellationToken cancellation) =>
        Get<ImmutableArray<AuditRecord>>($"audit?last={last}", cancellation);

    /// <summary>Examines the audit log; may take long.</summary>
    /// <param name="head">An end that it is known to have had; null for none but what the site remembers.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task<AuditExamination> VerifyAudit(AuditHead? head, CancellationToken cancellation) => Send(
        new(HttpMethod.Get, head is null ? "audit/verify" : $"audit/verify?sequence={head.Sequence}&hash={head.Hash}"), Read<AuditExamination>, cancellation);

    /// <summary>Uploads a file; the hash names it.</summary>
    public Task<ContentAnswer> PutContent(Stream file, CancellationToken cancellation) =>
        Send(Upload("content", file), Read<ContentAnswer>, cancellation);

    /// <summary>Uploads safetensors as a new version.</summary>
    public Task<VersionAnswer> Import(ModelName model, VersionReference? from, Stream file, CancellationToken cancellation) => Send(
        Upload(from is null ? $"models/{model}" : $"models/{model}?from={Uri.EscapeDataString(from.ToString())}", file),
        Read<VersionAnswer>, cancellation);

    /// <summary>Downloads a version as safetensors.</summary>
    /// <returns>The number of bytes.</returns>
    public Task<long> Export(VersionReference version, Stream file, CancellationToken cancellation) => Send(
        new(HttpMethod.Get, $"models/{version.Model}/{version.Number}/weights"),
        async (response, stop) =>
        {
            await response.Content.CopyToAsync(file, stop);
            return file.Length;
        },
        cancellation);

    public void Dispose() => _client.Dispose();

    private Task<T> Get<T>(string address, CancellationToken cancellation) => Call(() => new(HttpMethod.Get, address), Read<T>, cancellation);

    private Task<T> Post<T>(string address, CancellationToken cancellation) => Call(() => new(HttpMethod.Post, address), Read<T>, cancellation);

    /// <summary>A small call, with the limit of such.</summary>
    private async Task<T> Call<T>(
        Func<HttpRequestMessage> request, Func<HttpResponseMessage, CancellationToken, Task<T>> read, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(CallLimit);
        try
        {
            return await Send(request(), read, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new SiteTroubleException($"The site at {_site} has not answered within {CallLimit.TotalSeconds:0} s: look at its log, or try again.");
        }
    }

    private async Task<T> Send<T>(
        HttpRequestMessage request, Func<HttpResponseMessage, CancellationToken, Task<T>> read, CancellationToken cancellation)
    {
        try
        {
            using (request)
            {
                _site = await Choose(cancellation);
                request.RequestUri = new Uri(new Uri($"{_site.AbsoluteUri.TrimEnd('/')}{OperatorApi.Root}/"), request.RequestUri!);
                using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
                return response.IsSuccessStatusCode ? await read(response, cancellation) : throw await Refusal(response, cancellation);
            }
        }
        catch (HttpRequestException exception) when (exception.InnerException is SocketException { SocketErrorCode: not SocketError.ConnectionReset })
        {
            throw new SiteTroubleException(
                $"There is no site at {string.Join(", ", _silos)}: start one with the verb 'serve', or say where it is with --site URL or {Variable}.");
        }
        catch (HttpRequestException exception) when (exception.InnerException is AuthenticationException)
        {
            throw new CommandException(
                $"What answers at {_site} is no silo of the site that the certificates are for: check the address, and the folder that --certificates names.");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or SocketException)
        {
            throw new SiteTroubleException($"The connection to the site at {_site} broke: try again, and look at its log if it breaks again.");
        }
    }

    /// <summary>The first silo that is ready; a site of one silo answers for itself, in its own words.</summary>
    private async Task<Uri> Choose(CancellationToken cancellation)
    {
        IEnumerable<Uri> candidates = _silos.Count > 1 ? _silos.OrderByDescending(silo => silo == _site) : [];
        foreach (var silo in candidates)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(ConnectLimit);
            try
            {
                using var answer = await _client.GetAsync(new Uri(silo, "/health/ready"), limit.Token);
                if (answer.IsSuccessStatusCode)
                {
                    return silo;
                }
            }
            catch (Exception exception) when (
                exception is HttpRequestException or IOException or SocketException or OperationCanceledException && !cancellation.IsCancellationRequested)
            {
                // The next one, then.
            }
        }

        return _site;
    }

    private async Task<CommandException> Refusal(HttpResponseMessage response, CancellationToken cancellation)
    {
        if (response.Content.Headers.ContentType?.MediaType == "application/json")
        {
            var answer = await Read<ErrorAnswer>(response, cancellation);
            return response.StatusCode switch
            {
                >= HttpStatusCode.InternalServerError => new SiteTroubleException(answer.Error),
                HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge => new CommandException(answer.Error, ExitCodes.WrongInput),
                _ => new CommandException(answer.Error),
            };
        }

        return response.StatusCode is HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout
            ? new SiteTroubleException($"What stands before the site at {_site} answered {(int)response.StatusCode}: try again when the site is up.")
            : NoSite($"answered {(int)response.StatusCode}");
    }

    private async Task<T> Read<T>(HttpResponseMessage response, CancellationToken cancellation)
    {
        try
        {
            return await response.Content.ReadFromJsonAsync<T>(SiteJson.Options, cancellation) ?? throw NoSite("answered nothing");
        }
        catch (JsonException)
        {
            throw NoSite("answered something else than the expected JSON");
        }
    }

    private CommandException NoSite(string what) =>
        new($"The server at {_site} {what}: it is no OrleansEdge site, or one of another release; check --site and {Variable}.");

    private static HttpRequestMessage Upload(string address, Stream file)
    {
        var request = new HttpRequestMessage(HttpMethod.Put, address) { Content = new StreamContent(file, 1 << 17) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        // A refusal arrives before the file is sent; otherwise the broken connection would hide it.
        request.Headers.ExpectContinue = true;
        return request;
    }
}
