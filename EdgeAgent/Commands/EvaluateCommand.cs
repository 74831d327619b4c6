using System.CommandLine;
using System.Text.Json;
using OrleansEdge.Contracts.Content;
using OrleansEdge.Contracts.Data;
using OrleansEdge.Contracts.Identity;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Contracts.Training;
using OrleansEdge.EdgeAgent.Data;
using OrleansEdge.EdgeAgent.Data.Images;
using OrleansEdge.EdgeAgent.Participation;
using OrleansEdge.Participation.Connection;
using OrleansEdge.Participation.Identity;
using OrleansEdge.Participation.Security;
using OrleansEdge.Participation.Updates;

namespace OrleansEdge.EdgeAgent.Commands;

/// <summary>The verb <c>evaluate</c>: measures a published version on local data.</summary>
internal static class EvaluateCommand
{
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(20);

    /// <summary>Makes the verb.</summary>
    public static Command Create()
    {
        var version = new Argument<string>("NAME@NUMBER") { Description = "The version, such as digits@5" };
        var site = AgentOptions.Site();
        var data = new Option<string>("--data")
        {
            HelpName = "SPEC",
            Description = "The data, as for 'data describe': generated, mnist:FOLDER, csv:FILE?label=COLUMN",
            Required = true,
        };
        var folder = new Option<string?>("--folder")
        {
            HelpName = "FOLDER",
            Description = "For a secured site: the folder of a device that has enrolled, whose certificate is shown; of those of 'simulate', one, such as simulation/sim1",
        };
        var json = new Option<bool>("--json") { Description = "Print one JSON object" };
        var command = new Command(
            "evaluate",
            "Measure a version on local data: on their test set, or on all of them where there is none. Needs an operator's token (a viewer's is enough) in " +
            $"{OperatorCredential.Variable}, or in a file that {OperatorCredential.FileVariable} names; the user that the silo runs as needs none on the same machine")
        {
            version, site, data, folder, json,
        };
        command.SetAction((arguments, cancellation) => CommandRun.Run(
            async () =>
            {
                var id = ModelVersionId.Parse(arguments.GetRequiredValue(version));
                var specification = DataSpecification.Parse(arguments.GetRequiredValue(data));
                var sources = new DataSourceFactory(MnistDownload.CreateDefault());
                var source = await sources.OpenAsync(specification, null, cancellation);
                using var process = AgentProcess.Start("evaluate", concurrency: 1, cancellation);
                var sums = await Evaluate(
                    process, AgentOptions.SiteOf(arguments.GetRequiredValue(site)), arguments.GetValue(folder), id, source, cancellation);
                Print(id, sums, arguments.GetValue(json));
            },
            cancellation));
        return command;
    }

    private static async Task<(EvaluationSums Sums, TaskDescription Task)> Evaluate(
        AgentProcess process, IReadOnlyList<Uri> site, string? folder, ModelVersionId id, IDataSource source, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(ConnectLimit);
        var credentials = Credentials(process, site, folder);
        SiteConnection connection;
        try
        {
            connection = await process.Host.Connect(site, credentials, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new CommandException($"no site answers at {string.Join(", ", site)}: start it, or give its address with --site.");
        }

        await using (connection)
        {
            using var tokens = new AccessTokenSource(token => connection.RequestToken(new(null, null), client: null, token), TimeProvider.System);
            tokens.Enter();
            using var versions = process.Host.ReadVersions(connection);
            var model = connection.Grains.GetGrain<IModelGrain>(id.Model.Value);
            var record = await AccessTokenSource.Call(() => model.Find(id.Number).AsTask())
                ?? throw new CommandException($"the site has no version {id}: 'models show {id.Model}' of the Silo program lists what there is.");
            var task = await versions.ReadTask(record.Task, cancellation);
            var parts = source.Open(task, 0);
            var examples = parts.Test.Count > 0 ? parts.Test : parts.Train;
            var cache = Directory.CreateTempSubdirectory("orleansedge-evaluate-");
            try
            {
                using var torchScripts = new TorchScriptCache(versions.ReadContent, new(credentials), cache.FullName);
                return (await process.Host.Evaluate(record, task, versions, torchScripts, examples, cancellation), task);
            }
            catch (ContentMissingException)
            {
                // It may have been pruned while it was read: then the site says so now.
                await AccessTokenSource.Call(() => model.Find(id.Number).AsTask());
                throw;
            }
            finally
            {
                cache.Delete(recursive: true);
            }
        }
    }

    private static DeviceCredentials? Credentials(AgentProcess process, IReadOnlyList<Uri> site, string? folder) => !DeviceAdmission.IsSecured(site)
        ? null
        : DeviceCredentials.Open(
            folder ?? throw new FormatException("the site is secured: give the folder of a device that has enrolled, with --folder."), participant: null, process.Host.Time)
            ?? throw new FormatException(
                $"there is no device that has enrolled in the folder '{folder}': give another with --folder; of those of 'simulate', one, such as simulation/sim1.");

    private static void Print(ModelVersionId id, (EvaluationSums Sums, TaskDescription Task) result, bool json)
    {
        var (sums, task) = result;
        var loss = sums.LossSum / sums.Examples;
        double? accuracy = task.Kind == TaskKind.Classification ? (double)sums.Correct / sums.Examples : null;
        Console.WriteLine(json
            ? JsonSerializer.Serialize(new { version = id.ToString(), examples = sums.Examples, loss, accuracy }, JsonSerializerOptions.Web)
            : accuracy is { } share
                ? $"{id}: accuracy {share:0.0000}, loss {loss:0.0000}, over {sums.Examples} examples"
                : $"{id}: loss {loss:0.0000} (mean squared error of the standardised target), over {sums.Examples} examples");
    }
}
