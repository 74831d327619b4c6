using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Contracts.Security.Files;
using OrleansEdge.Grains.Jobs;
using OrleansEdge.Grains.Jobs.Files;
using OrleansEdge.Grains.Storage.Content;
using OrleansEdge.Silo.Hosting.Security;

namespace OrleansEdge.Silo.Web;

/// <summary>Takes a job file: everything that can be known to be wrong is refused here, before the job exists.</summary>
internal sealed class JobSubmitter(IGrainFactory grains, ContentStore content, StrategyDeclarations strategies, ModelSigning signing)
{
    /// <summary>Begins the job; the same submission again changes nothing.</summary>
    /// <param name="text">The job file.</param>
    /// <param name="fileName">Its name, for messages.</param>
    /// <param name="torchScript">The hash of the uploaded TorchScript file, if there is one.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="JobFileException">The file has faults.</exception>
    /// <exception cref="ApiException">The job cannot begin.</exception>
    public async Task<JobId> Submit(string text, string fileName, string? torchScript, CancellationToken cancellation)
    {
        var definition = JobFile.Parse(text, fileName, strategies);
        var uploaded = await RequireUpload(definition, torchScript, cancellation);
        if (definition.From is { } from)
        {
            await RequireVersion(from, cancellation);
        }

        var submission = new JobSubmission(JobFile.Write(definition), uploaded, uploaded is { } network ? Sign(network) : null);
        var refusal = await grains.GetGrain<IJobControl>(definition.Job.Value).Submit(submission).Limited(cancellation);
        return refusal is null ? definition.Job : throw ApiException.Conflict(refusal);
    }

    private async Task<ContentHash?> RequireUpload(JobDefinition definition, string? torchScript, CancellationToken cancellation)
    {
        if (definition.Network is not { IsFile: true } network)
        {
            return torchScript is null
                ? null
                : throw ApiException.BadRequest("A TorchScript file was sent, and the job file names none: write its path under 'model'.");
        }

        if (torchScript is null)
        {
            throw ApiException.BadRequest(
                $"The job file names the TorchScript file '{network.Text}', which was not sent: put it to /api/content and give its hash with ?torchscript=HASH.");
        }

        var hash = RouteText.Hash(torchScript);
        return await content.Touch(hash, cancellation)
            ? hash
            : throw ApiException.BadRequest($"The site does not hold the content {hash}: put the TorchScript file to /api/content first.");
    }

    private ModelSignature? Sign(ContentHash network)
    {
        try
        {
            return signing.Sign(network);
        }
        catch (CertificateException exception)
        {
            throw ApiException.Conflict(exception.Message);
        }
    }

    private async Task RequireVersion(ModelVersionId from, CancellationToken cancellation)
    {
        try
        {
            var record = await grains.GetGrain<IModelGrain>(from.Model.Value).Find(from.Number).Limited(cancellation)
                ?? throw ApiException.BadRequest($"There is no version '{from}' to start from: 'models show {from.Model}' lists what there is.");
            if (signing.Refuse(record.Source) is { } refusal)
            {
                throw ApiException.BadRequest($"Nobody can start from '{from}': {refusal}");
            }
        }
        catch (VersionPrunedException exception)
        {
            throw ApiException.BadRequest(exception.Message);
        }
    }
}
