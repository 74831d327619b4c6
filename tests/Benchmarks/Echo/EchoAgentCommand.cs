using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.Logging;
using OrleansEdge.Benchmarks.Processes;
using OrleansEdge.Contracts.Faults;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.EdgeAgent.Data;
using OrleansEdge.EdgeAgent.Participation;
using OrleansEdge.Participation.Updates;

namespace OrleansEdge.Benchmarks.Echo;

/// <summary>The real agent with a trainer that does nothing: one device, or many as <c>EdgeAgent -- simulate</c> hosts them.</summary>
internal static class EchoAgentCommand
{
    /// <summary>The verb.</summary>
    public const string Verb = "echo-agent";

    /// <summary>The name under which the data are offered.</summary>
    public const string DataOffered = "echo";

    /// <summary>Makes the verb.</summary>
    public static Command Create()
    {
        var site = new Option<string[]>("--site") { Required = true };
        var first = new Option<int>("--first") { Required = true };
        var devices = new Option<int>("--devices") { Required = true };
        var perConnection = new Option<int>("--per-connection") { Required = true };
        var parameters = new Option<int>("--parameters") { Required = true };
        var folder = new Option<string>("--folder") { Required = true };
        var commits = new Option<string?>("--commits");
        var command = new Command(Verb, "Devices that return weights unchanged.") { site, first, devices, perConnection, parameters, folder, commits };
        command.Hidden = true;
        command.SetAction(arguments => Run(
            [.. arguments.GetRequiredValue(site).Select(address => new Uri(address))],
            Enumerable.Range(arguments.GetRequiredValue(first), arguments.GetRequiredValue(devices)),
            arguments.GetRequiredValue(perConnection), arguments.GetRequiredValue(parameters), arguments.GetRequiredValue(folder),
            CommitLog.Faults(arguments.GetValue(commits))));
        return command;
    }

    private static async Task Run(
        IReadOnlyList<Uri> site, IEnumerable<int> numbers, int perConnection, int parameters, string folder, ProcessFaults faults)
    {
        using var ended = new CancellationTokenSource();
        _ = ChildProcess.ParentEnded().ContinueWith(_ => ended.Cancel(), TaskScheduler.Default);
        using var logging = LoggerFactory.Create(builder => builder.AddSimpleConsole(console => console.SingleLine = true).SetMinimumLevel(LogLevel.Warning));
        using var host = new AgentHost(
            new EchoTrainerFactory(parameters), Environment.ProcessorCount, faults, TimeProvider.System, logging);
        try
        {
            await Task.WhenAll(numbers.Chunk(perConnection).Select(group => RunGroup(host, site, group, folder, ended.Token)));
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The benchmark is over.
        }
    }

    private static async Task RunGroup(AgentHost host, IReadOnlyList<Uri> site, int[] numbers, string folder, CancellationToken cancellation)
    {
        await using var connection = await host.Connect(site, null, cancellation);
        using var versions = host.ReadVersions(connection);
        await Task.WhenAll(numbers.Select(async number =>
        {
            var participant = ParticipantId.Parse(string.Create(CultureInfo.InvariantCulture, $"echo{number}"));
            using var own = ParticipantFolder.Open(Path.Combine(folder, participant.Value));
            var data = new DataCatalogue(new Dictionary<DataName, IDataSource> { [DataName.Parse(DataOffered)] = new EchoData() });
            await host.Participate(participant, own, data, connection, versions, isFirst: true, stay: null, cancellation);
        }));
    }
}
