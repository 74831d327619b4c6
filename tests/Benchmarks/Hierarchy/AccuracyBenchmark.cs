using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using OrleansEdge.Benchmarks.Runs;

namespace OrleansEdge.Benchmarks.Hierarchy;

/// <summary>How soon, and with how many bytes over the links to the root, an accuracy is reached with sites and without.</summary>
internal static class AccuracyBenchmark
{
    /// <summary>Makes the verb <c>hierarchy</c>.</summary>
    public static Command Create()
    {
        var data = new Option<string>("--data") { Description = "MNIST's folder.", DefaultValueFactory = _ => "../shared/data/mnist" };
        var first = new Option<int>("--first") { Description = "How many of its images are divided over the devices.", DefaultValueFactory = _ => 6000 };
        var sites = new Option<int>("--sites") { Description = "Sites, or places whose devices share a link.", DefaultValueFactory = _ => 2 };
        var devices = new Option<int>("--devices") { Description = "Devices at each.", DefaultValueFactory = _ => 5 };
        var wan = new Option<string>("--wan") { Description = "The links to the root.", DefaultValueFactory = _ => "delay:100ms bandwidth:10mbit" };
        var cases = new Option<string>("--cases")
        {
            Description = "Local steps and edge rounds, as 60x1; 60 alone is without sites.",
            DefaultValueFactory = _ => "60,60x1,30x2,15x4",
        };
        var rounds = new Option<int>("--rounds") { Description = "Rounds of the root after which it is given up.", DefaultValueFactory = _ => 60 };
        var goal = new Option<double>("--goal") { Description = "The accuracy to reach.", DefaultValueFactory = _ => 0.9 };
        var work = new Option<string?>("--work") { Description = "Where the run's folder is made; default: the system's temporary folder." };
        var json = new Option<bool>("--json") { Description = "Print one JSON object on the last line." };
        var command = new Command("hierarchy", "Accuracy against seconds and bytes, with sites between devices and root, and without.")
        {
            data, first, sites, devices, wan, cases, rounds, goal, work, json,
        };
        command.SetAction((arguments, _) => CommandFailures.Explain(async () =>
        {
            var plan = new AccuracyPlan(
                string.Create(CultureInfo.InvariantCulture, $"mnist:{Path.GetFullPath(arguments.GetRequiredValue(data))}?first={arguments.GetValue(first)}"),
                "classes:2", arguments.GetValue(sites), arguments.GetValue(devices), arguments.GetRequiredValue(wan), arguments.GetValue(rounds),
                arguments.GetValue(goal), arguments.GetValue(work));
            var figures = new List<AccuracyFigures>();
            foreach (var which in arguments.GetRequiredValue(cases).Split(',').Select(Parse))
            {
                figures.Add(await AccuracyRun.Measure(plan, which));
                Print(plan, figures[^1], figures[0]);
            }

            if (arguments.GetValue(json))
            {
                Console.WriteLine(JsonSerializer.Serialize(figures, JsonSerializerOptions.Web));
            }
        }));
        return command;
    }

    private static AccuracyCase Parse(string text)
    {
        var parts = text.Split('x');
        return new(int.Parse(parts[0], CultureInfo.InvariantCulture), parts.Length == 1 ? 0 : int.Parse(parts[1], CultureInfo.InvariantCulture));
    }

    private static void Print(AccuracyPlan plan, AccuracyFigures figures, AccuracyFigures flat)
    {
        if (figures.Reached(plan.Goal) is not { } reached)
        {
            var best = figures.Points.Select(point => point.Accuracy).DefaultIfEmpty().Max();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{figures.Case,-10} {plan.Goal:0.00} not reached in {figures.Points.Count} rounds: {best:0.0000} at best"));
            return;
        }

        var compared = flat.Reached(plan.Goal) is { } first
            ? string.Create(CultureInfo.InvariantCulture, $", {reached.Seconds / first.Seconds:0.00} of the first's time and {reached.Megabytes / first.Megabytes:0.000} of its bytes")
            : "";
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{figures.Case,-10} {reached.Accuracy:0.0000} after {reached.Round} rounds, {reached.Seconds:0.0} s and {reached.Megabytes:0.00} MB{compared}"));
    }
}
