using System.CommandLine;
using System.Globalization;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.EdgeAgent.Data;
using OrleansEdge.EdgeAgent.Data.Images;
using OrleansEdge.EdgeAgent.Data.Splits;
using OrleansEdge.EdgeAgent.Participation;
using OrleansEdge.Participation.Updates;

namespace OrleansEdge.Benchmarks.Hierarchy;

/// <summary>
/// The devices of one place in one process: real ones, each with a connection of its own, so that each brings every version for itself, and all
/// over one link, since what is wrong with a process's network is shared by its connections.
/// </summary>
internal static class DeviceGroupCommand
{
    /// <summary>The verb.</summary>
    public const string Verb = "device-group";

    /// <summary>Makes the verb.</summary>
    public static Command Create()
    {
        var site = new Option<string>("--site") { Required = true };
        var first = new Option<int>("--first") { Required = true };
        var devices = new Option<int>("--devices") { Required = true };
        var parts = new Option<int>("--parts") { Required = true };
        var data = new Option<string>("--data") { Required = true };
        var split = new Option<string>("--split") { Required = true };
        var folder = new Option<string>("--folder") { Required = true };
        var command = new Command(Verb, "The devices of one place, over one link.") { site, first, devices, parts, data, split, folder };
        command.Hidden = true;
        command.SetAction((arguments, cancellation) => Run(
            new(
                new Uri(arguments.GetRequiredValue(site)), arguments.GetRequiredValue(parts), DataOffer.Parse(arguments.GetRequiredValue(data)),
                SplitSpecification.Parse(arguments.GetRequiredValue(split)), arguments.GetRequiredValue(folder)),
            Enumerable.Range(arguments.GetRequiredValue(first), arguments.GetRequiredValue(devices)), cancellation));
        return command;
    }

    private static async Task Run(Group group, IEnumerable<int> numbers, CancellationToken cancellation)
    {
        using var process = AgentProcess.Start(Verb, concurrency: 1, cancellation);
        var sources = new DataSourceFactory(MnistDownload.CreateDefault(), keepLoaded: true);
        try
        {
            await Task.WhenAll(numbers.Select(number => Participate(group, number, process, sources)));
        }
        catch (OperationCanceledException) when (process.Stopping.IsCancellationRequested)
        {
            // The benchmark is over.
        }
    }

    private static async Task Participate(Group group, int number, AgentProcess process, DataSourceFactory sources)
    {
        var participant = ParticipantId.Parse(string.Create(CultureInfo.InvariantCulture, $"dev{number}"));
        using var own = ParticipantFolder.Open(Path.Combine(group.Folder, participant.Value));
        var data = await AgentHost.OpenData([group.Offer], new DataAssignment(group.Split, new Part(number, group.Parts)), sources, process.Stopping);
        await using var connection = await process.Host.Connect([group.Site], null, process.Stopping);
        using var versions = process.Host.ReadVersions(connection);
        await process.Host.Participate(participant, own, data, connection, versions, isFirst: true, stay: null, process.Stopping);
    }

    private sealed record Group(Uri Site, int Parts, DataOffer Offer, SplitSpecification Split, string Folder);
}
