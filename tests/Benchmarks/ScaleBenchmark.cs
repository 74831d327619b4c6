using System.CommandLine;
using OrleansEdge.Benchmarks.Runs;

namespace OrleansEdge.Benchmarks;

/// <summary>Many logical devices on few connections, as <c>EdgeAgent -- simulate</c> hosts them.</summary>
internal static class ScaleBenchmark
{
    /// <summary>Makes the verb <c>scale</c>.</summary>
    public static Command Create()
    {
        var devices = new Option<int>("--devices") { Description = "Logical devices.", DefaultValueFactory = _ => 1000 };
        var connections = new Option<int>("--connections") { Description = "Connections that they share.", DefaultValueFactory = _ => 50 };
        var processes = new Option<int>("--processes") { Description = "Processes that host them.", DefaultValueFactory = _ => 1 };
        var megabytes = new Option<double>("--megabytes") { Description = "The size of the weights, in 10⁶ bytes.", DefaultValueFactory = _ => 0.1 };
        var strategy = new Option<string>("--strategy") { Description = "fedavg, coordinate-median or krum.", DefaultValueFactory = _ => "fedavg" };
        var rounds = new Option<int>("--rounds") { Description = "Rounds, of which the first two do not count.", DefaultValueFactory = _ => 12 };
        var work = new Option<string?>("--work") { Description = "Where the run's folder is made; default: the system's temporary folder." };
        var json = new Option<bool>("--json") { Description = "Print one JSON object on the last line." };
        var command = new Command("scale", "A thousand logical devices on fifty connections.")
        {
            devices, connections, processes, megabytes, strategy, rounds, work, json,
        };
        command.SetAction((arguments, _) => CommandFailures.Explain(async () =>
        {
            var perConnection = (arguments.GetValue(devices) + arguments.GetValue(connections) - 1) / arguments.GetValue(connections);
            var figures = await EchoRun.Measure(new(
                arguments.GetValue(devices), arguments.GetValue(processes), perConnection, arguments.GetValue(megabytes),
                arguments.GetRequiredValue(strategy), Math.Max(EchoPlan.WarmUp + 1, arguments.GetValue(rounds)), 0, arguments.GetValue(work)));
            EchoReport.Print([figures], arguments.GetValue(json));
        }));
        return command;
    }
}
