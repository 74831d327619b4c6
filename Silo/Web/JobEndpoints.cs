using System.Collections.Immutable;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Grains.Jobs;
using OrleansEdge.Grains.Jobs.Files;
using OrleansEdge.Grains.Storage.Content;
using OrleansEdge.Silo.Hosting.Security;

namespace OrleansEdge.Silo.Web;

/// <summary><c>/api/jobs</c>.</summary>
internal static class JobEndpoints
{
    /// <summary>The name of a job file whose sender gives none.</summary>
    internal const string UnnamedFile = "job.yaml";

    /// <summary>The most records in one answer.</summary>
    internal const int MaximumRounds = 1000;

    private const int GrainsAtOnce = 16;

    /// <summary>Below the limit of whoever asks, so that the sentence arrives.</summary>
    private static readonly TimeSpan StoreLimit = TimeSpan.FromSeconds(8);

    public static void Map(RouteGroupBuilder jobs)
    {
        jobs.MapGet("", List);
        jobs.MapPost("", Submit);
        jobs.MapGet("/{id}", async (string id, IGrainFactory grains, CancellationToken cancellation) =>
            OperatorApi.Answer(await Status(RouteText.Job(id), grains, cancellation)));
        jobs.MapGet("/{id}/rounds", Rounds);
        jobs.MapGet("/{id}/file", File);
        jobs.MapPost("/{id}/pause", (string id, IGrainFactory grains, CancellationToken cancellation) =>
            Steer(id, grains, job => job.Pause(), cancellation));
        jobs.MapPost("/{id}/resume", (string id, IGrainFactory grains, CancellationToken cancellation) =>
            Steer(id, grains, job => job.Resume(), cancellation));
        jobs.MapPost("/{id}/stop", (string id, IGrainFactory grains, CancellationToken cancellation) =>
            Steer(id, grains, job => job.Stop(), cancellation));
    }

    private static async Task<IResult> List(JobRecords records, IGrainFactory grains, CancellationToken cancellation)
    {
        var statuses = ImmutableArray.CreateBuilder<JobStatus>();
        foreach (var part in (await records.ListAll(cancellation)).Chunk(GrainsAtOnce))
        {
            var answers = await Task.WhenAll(part.Select(job => Control(job, grains).GetStatus().Limited(cancellation)));
            // A job whose submission was cut short has records and no state; it is submitted again or never heard of.
            statuses.AddRange(answers.OfType<JobStatus>());
        }

        return OperatorApi.Answer(statuses.ToImmutable());
    }

    private static async Task<IResult> Submit(
        HttpRequest request, IGrainFactory grains, ContentStore content, StrategyDeclarations strategies, ModelSigning signing, string? torchscript,
        CancellationToken cancellation)
    {
        var submitter = new JobSubmitter(grains, content, strategies, signing);
        var fileName = request.Headers[SiteHeaders.FileName].FirstOrDefault() is { Length: > 0 } name ? Uri.UnescapeDataString(name) : UnnamedFile;
        var job = await submitter.Submit(await ReadText(request, fileName, cancellation), fileName, torchscript, cancellation);
        return OperatorApi.Answer(await Status(job, grains, cancellation), StatusCodes.Status201Created);
    }

    private static async Task<IResult> Rounds(string id, JobRecords records, IGrainFactory grains, CancellationToken cancellation, int from = 1)
    {
        var status = await Status(RouteText.Job(id), grains, cancellation);
        var found = ImmutableArray.CreateBuilder<RoundRecord>();
        for (var round = Math.Max(from, 0); round <= status.Round && found.Count < MaximumRounds; round++)
        {
            if (await ReadRound(records, status.Job, round, cancellation) is { } record)
            {
                found.Add(record);
            }
        }

        return OperatorApi.Answer(found.ToImmutable());
    }

    private static async Task<RoundRecord?> ReadRound(JobRecords records, JobId job, int round, CancellationToken cancellation)
    {
        try
        {
            return await records.ReadRound(job, round).WaitAsync(StoreLimit, cancellation);
        }
        catch (TimeoutException)
        {
            throw ApiException.Unavailable(
                $"The site's store has not answered within {StoreLimit.TotalSeconds:0} s, so the records of rounds cannot be read: check the store and the network.");
        }
    }

    private static async Task<IResult> File(string id, JobRecords records)
    {
        var job = RouteText.Job(id);
        return TypedResults.Text(await records.ReadDefinition(job) ?? throw Unknown(job), "text/yaml", Encoding.UTF8);
    }

    private static async Task<IResult> Steer(string id, IGrainFactory grains, Func<IJobControl, Task<string?>> action, CancellationToken cancellation)
    {
        var status = await Status(RouteText.Job(id), grains, cancellation);
        var refusal = await action(Control(status.Job, grains)).Limited(cancellation);
        return refusal is null
            ? OperatorApi.Answer(await Status(status.Job, grains, cancellation))
            : throw ApiException.Conflict(refusal);
    }

    private static async Task<JobStatus> Status(JobId job, IGrainFactory grains, CancellationToken cancellation) =>
        await Control(job, grains).GetStatus().Limited(cancellation) ?? throw Unknown(job);

    private static IJobControl Control(JobId job, IGrainFactory grains) => grains.GetGrain<IJobControl>(job.Value);

    private static ApiException Unknown(JobId job) => ApiException.NotFound($"There is no job '{job}': 'jobs list' shows the jobs.");

    /// <summary>The body, of which no more is read than a job file may have.</summary>
    private static async Task<string> ReadText(HttpRequest request, string fileName, CancellationToken cancellation)
    {
        var bytes = new byte[JobFile.MaximumBytes + 1];
        var length = await request.Body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellation);
        if (length > JobFile.MaximumBytes)
        {
            throw ApiException.BadRequest($"'{fileName}' is larger than {JobFile.MaximumBytes / 1024} KiB, so it is no job file: check its name.");
        }

        try
        {
            return new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(bytes, 0, length);
        }
        catch (DecoderFallbackException)
        {
            throw ApiException.BadRequest($"'{fileName}' is not a text in UTF-8, so it is no job file: check its name.");
        }
    }
}
