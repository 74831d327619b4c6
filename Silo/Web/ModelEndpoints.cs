using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Grains.Jobs;
using OrleansEdge.Grains.Models;
using OrleansEdge.Grains.Storage.Content;

namespace OrleansEdge.Silo.Web;

/// <summary><c>/api/models</c>.</summary>
internal static class ModelEndpoints
{
    private const int MaximumVersions = 1000;

    public static void Map(RouteGroupBuilder models)
    {
        models.MapGet("", async (IGrainFactory grains, VersionStore versions, JobRecords jobs, CancellationToken cancellation) =>
            OperatorApi.Answer(await new ModelCatalogue(grains, versions, jobs).List(cancellation)));
        models.MapGet("/{name}", Show);
        models.MapPut("/{name}", Import);
        models.MapGet("/{name}/{number}", ShowVersion);
        models.MapGet("/{name}/{number}/weights", Export);
        models.MapPost("/{name}/promote/{number}", Promote);
        models.MapPost("/{name}/rollback", Rollback);
        models.MapPost("/{name}/prune", ModelPruning.Prune);
    }

    private static async Task<IResult> Show(
        string name, IGrainFactory grains, VersionStore versions, JobRecords jobs, CancellationToken cancellation, int limit = 50)
    {
        var catalogue = new ModelCatalogue(grains, versions, jobs);
        return OperatorApi.Answer(await catalogue.Show(RouteText.Model(name), Math.Clamp(limit, 1, MaximumVersions), cancellation));
    }

    private static async Task<IResult> ShowVersion(
        string name, string number, IGrainFactory grains, VersionStore versions, JobRecords jobs, CancellationToken cancellation)
    {
        var catalogue = new ModelCatalogue(grains, versions, jobs);
        return OperatorApi.Answer(await catalogue.Answer(await catalogue.Find(RouteText.Version(RouteText.Model(name), number), cancellation)));
    }

    private static async Task Export(
        string name, string number, HttpContext context, IGrainFactory grains, VersionStore versions, JobRecords jobs, ManifestStore manifests,
        ContentStore content, ContentHold hold, CancellationToken cancellation)
    {
        var catalogue = new ModelCatalogue(grains, versions, jobs);
        var record = await catalogue.Find(RouteText.Version(RouteText.Model(name), number), cancellation);
        var export = await ModelExport.Prepare(record, manifests, content, hold, cancellation);
        context.Response.ContentType = "application/octet-stream";
        context.Response.ContentLength = export.Length;
        context.Response.Headers.ContentDisposition = string.Create(
            CultureInfo.InvariantCulture, $"attachment; filename=\"{record.Id.Model}-{record.Id.Number}.safetensors\"");
        await export.Write(context.Response.Body, cancellation);
    }

    private static async Task<IResult> Import(
        string name, HttpContext context, IGrainFactory grains, VersionStore versions, JobRecords jobs, ManifestStore manifests,
        ContentStore content, string? from, CancellationToken cancellation)
    {
        var catalogue = new ModelCatalogue(grains, versions, jobs);
        var model = RouteText.Model(name);
        var parent = from is not null
            ? await catalogue.Find(RouteText.Version(from), cancellation)
            : await catalogue.Control(model).GetStatus().Limited(cancellation) is { Head: { } head }
                ? await catalogue.Find(new VersionReference(model, head.ToString(CultureInfo.InvariantCulture)), cancellation)
                : throw ApiException.BadRequest($"There is no model '{model}' yet: say whose network the file is for, with ?from=NAME@VERSION (--from on the command line).");
        var manifest = await new ModelImport(manifests, content).Store(context, parent, cancellation);
        return OperatorApi.Answer(
            await catalogue.Answer(await Publish(catalogue, new VersionRecord
            {
                Id = new(model, 0),
                Manifest = manifest,
                Parent = parent.Id,
                Source = parent.Source,
                Task = parent.Task,
            }, cancellation)),
            StatusCodes.Status201Created);
    }

    /// <summary>Publishes an import; the same one again, as after an answer that was lost, is the same version.</summary>
    private static async Task<VersionRecord> Publish(ModelCatalogue catalogue, VersionRecord draft, CancellationToken cancellation)
    {
        var model = draft.Id.Model;
        if (await catalogue.Control(model).GetStatus().Limited(cancellation) is { Head: not null })
        {
            var head = await catalogue.Find(new VersionReference(model, VersionReference.Head), cancellation);
            if (head.Job is null && head.Manifest == draft.Manifest)
            {
                return head;
            }
        }

        return await catalogue.Control(model).Publish(draft).Limited(cancellation);
    }

    private static async Task<IResult> Promote(
        string name, string number, IGrainFactory grains, VersionStore versions, JobRecords jobs, CancellationToken cancellation)
    {
        var catalogue = new ModelCatalogue(grains, versions, jobs);
        var record = await catalogue.Find(RouteText.Version(RouteText.Model(name), number), cancellation);
        return await catalogue.Control(record.Id.Model).Promote(record.Id.Number).Limited(cancellation)
            ? OperatorApi.Answer(await catalogue.Find(record.Id.Model, cancellation))
            : throw ApiException.NotFound($"There is no version '{record.Id}' any more: 'models show {record.Id.Model}' lists what there is.");
    }

    private static async Task<IResult> Rollback(
        string name, IGrainFactory grains, VersionStore versions, JobRecords jobs, CancellationToken cancellation)
    {
        var catalogue = new ModelCatalogue(grains, versions, jobs);
        var entry = await catalogue.Find(RouteText.Model(name), cancellation);
        return await catalogue.Control(entry.Name).Rollback().Limited(cancellation) is not null
            ? OperatorApi.Answer(await catalogue.Find(entry.Name, cancellation))
            : throw ApiException.Conflict($"There is no earlier promotion of '{entry.Name}' to go back to: 'models promote' promotes a version.");
    }
}
