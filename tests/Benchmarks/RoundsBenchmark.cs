using System.CommandLine;
using System.Globalization;
using OrleansEdge.Benchmarks.Runs;

namespace OrleansEdge.Benchmarks;

/// <summary>Rounds of agent processes that return their weights unchanged, as a ratio to a plain TCP exchange of the same bytes.</summary>
internal static class RoundsBenchmark
{
    /// <summary>Makes the verb <c>rounds</c>.</summary>
    public static Command Create()
    {
        var participants = new Option<string>("--participants") { Description = "Agent processes, one or several numbers: 8,32.", DefaultValueFactory = _ => "8,32" };
        var megabytes = new Option<double>("--megabytes") { Description = "The size of the weights, in 10⁶ bytes.", DefaultValueFactory = _ => 5 };
        var strategy = new Option<string>("--strategy") { Description = "fedavg, coordinate-median or krum.", DefaultValueFactory = _ => "fedavg" };
        var rounds = new Option<int>("--rounds") { Description = "Rounds, of which the first two do not count.", DefaultValueFactory = _ => 12 };
        var exchanges = new Option<int>("--exchanges") { Description = "Plain exchanges before the rounds, and again after.", DefaultValueFactory = _ => 7 };
        var faults = new Option<string?>("--faults")
        {
            Description = "Once more over links that are bad, in the words of LocalCluster: \"drop:0.01 delay:50ms\".",
        };
        var work = new Option<string?>("--work") { Description = "Where the run's folder is made; default: the system's temporary folder." };
        var json = new Option<bool>("--json") { Description = "Print one JSON object on the last line." };
        var command = new Command("rounds", "Rounds of real processes against a plain TCP exchange of the same bytes.")
        {
            participants, megabytes, strategy, rounds, exchanges, faults, work, json,
        };
        command.SetAction((arguments, _) => CommandFailures.Explain(async () =>
        {
            var figures = new List<EchoFigures>();
            foreach (var count in arguments.GetRequiredValue(participants).Split(',').Select(text => int.Parse(text, CultureInfo.InvariantCulture)))
            {
                var plan = new EchoPlan(
                    count, count, 1, arguments.GetValue(megabytes), arguments.GetRequiredValue(strategy),
                    Math.Max(EchoPlan.WarmUp + 1, arguments.GetValue(rounds)), arguments.GetValue(exchanges), arguments.GetValue(work));
                figures.Add(await EchoRun.Measure(plan));
                if (arguments.GetValue(faults) is { } text)
                {
                    figures.Add(await EchoRun.Measure(plan with { Exchanges = 0, Faults = text }));
                }
            }

            EchoReport.Print(figures, arguments.GetValue(json));
        }));
        return command;
    }
}
