using System.CommandLine;
using System.Globalization;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.EdgeAgent.Data;
using OrleansEdge.EdgeAgent.Data.Images;
using OrleansEdge.EdgeAgent.Data.Splits;
using OrleansEdge.EdgeAgent.Participation;
using OrleansEdge.EdgeAgent.Updates;

namespace OrleansEdge.EdgeAgent.Commands;

/// <summary>The verb <c>simulate</c>: one process hosts many devices, for scale.</summary>
internal static class SimulateCommand
{
    private const int MostDevices = 10_000;
    private const int DevicesPerConnection = 20;

    /// <summary>Makes the verb.</summary>
    public static Command Create()
    {
        var site = AgentOptions.Site();
        var devices = new Option<int>("--devices") { Description = "How many devices.", Required = true };
        var prefix = new Option<string>("--prefix") { Description = "Devices are named PREFIX1, PREFIX2, ….", DefaultValueFactory = _ => "sim" };
        var data = AgentOptions.Data();
        var split = AgentOptions.Split();
        var seed = AgentOptions.SplitSeed();
        var folder = new Option<string>("--folder") { Description = "The folder in which each device has its own.", DefaultValueFactory = _ => "simulation" };
        var command = new Command("simulate", "Hosts many devices in one process; the data are divided over them (default: iid).")
        {
            site, devices, prefix, data, split, seed, folder,
        };
        command.SetAction((arguments, cancellation) => CommandRun.Run(
            async () =>
            {
                var count = arguments.GetRequiredValue(devices);
                if (count is < 1 or > MostDevices)
                {
                    throw new FormatException($"--devices is {count}: use a whole number from 1 to {MostDevices}.");
                }

                var plan = new Plan(
                    AgentOptions.SiteOf(arguments.GetRequiredValue(site)), count, arguments.GetRequiredValue(prefix),
                    AgentOptions.OffersOf(arguments.GetRequiredValue(data)),
                    arguments.GetValue(split) is { } text ? SplitSpecification.Parse(text) : SplitSpecification.Iid,
                    arguments.GetValue(seed), arguments.GetRequiredValue(folder));
                await Run(plan, cancellation);
            },
            cancellation));
        return command;
    }

    private static async Task Run(Plan plan, CancellationToken cancellation)
    {
        using var process = AgentProcess.Start(plan.Prefix, Environment.ProcessorCount, cancellation);
        var sources = new DataSourceFactory(MnistDownload.CreateDefault(), keepLoaded: true);
        var groups = Enumerable.Range(1, plan.Devices).Chunk(DevicesPerConnection).Select(group => RunGroup(plan, group, process, sources));
        await Task.WhenAll(groups);
    }

    private static async Task RunGroup(Plan plan, int[] numbers, AgentProcess process, DataSourceFactory sources)
    {
        await using var connection = await process.Host.Connect(plan.Site, process.Stopping);
        using var versions = process.Host.ReadVersions(connection);
        await Task.WhenAll(numbers.Select(async number =>
        {
            var participant = ParticipantId.Parse(string.Create(CultureInfo.InvariantCulture, $"{plan.Prefix}{number}"));
            using var own = ParticipantFolder.Open(Path.Combine(plan.Folder, participant.Value));
            var assignment = new DataAssignment(plan.Split, new Part(number, plan.Devices), plan.Seed);
            var catalogue = await AgentHost.OpenData(plan.Offers, assignment, sources, process.Stopping);
            await process.Host.Participate(participant, own, catalogue, connection, versions, process.Stopping);
        }));
    }

    private sealed record Plan(IReadOnlyList<Uri> Site, int Devices, string Prefix, IReadOnlyList<DataOffer> Offers, SplitSpecification Split, ulong Seed, string Folder);
}
