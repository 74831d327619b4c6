using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using OrleansEdge.Benchmarks.Runs;

namespace OrleansEdge.Benchmarks.Recovery;

/// <summary>How long a site does without the silo that has the round.</summary>
internal static class RecoveryBenchmark
{
    /// <summary>Makes the verb <c>recovery</c>.</summary>
    public static Command Create()
    {
        var silos = new Option<int>("--silos") { Description = "Silos; several need redis-server and Azurite.", DefaultValueFactory = _ => 1 };
        var kills = new Option<int>("--kills") { Description = "How often the silo that has the round is killed.", DefaultValueFactory = _ => 10 };
        var devices = new Option<int>("--devices") { Description = "Participants.", DefaultValueFactory = _ => 4 };
        var megabytes = new Option<double>("--megabytes") { Description = "The size of the weights, in 10⁶ bytes.", DefaultValueFactory = _ => 5 };
        var work = new Option<string?>("--work") { Description = "Where the run's folder is made; default: the system's temporary folder." };
        var json = new Option<bool>("--json") { Description = "Print one JSON object on the last line." };
        var command = new Command("recovery", "From the death of the silo that has the round to the next update and the next version.")
        {
            silos, kills, devices, megabytes, work, json,
        };
        command.SetAction((arguments, _) => CommandFailures.Explain(async () =>
        {
            var plan = new RecoveryPlan(
                Math.Max(1, arguments.GetValue(silos)), Math.Max(1, arguments.GetValue(kills)), Math.Max(1, arguments.GetValue(devices)),
                arguments.GetValue(megabytes), arguments.GetValue(work));
            Print(plan, await RecoveryRun.Measure(plan), arguments.GetValue(json));
        }));
        return command;
    }

    private static void Print(RecoveryPlan plan, RecoveryFigures figures, bool json)
    {
        var uploads = figures.Recoveries.Select(recovery => recovery.Upload).ToList();
        var publications = figures.Recoveries.Select(recovery => recovery.Publication).ToList();
        var resent = figures.BytesResent / (plan.Megabytes * 1e6) / plan.Kills / plan.Devices;
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(
                new { plan.Silos, plan.Kills, plan.Devices, plan.Megabytes, uploads, publications, updatesResentPerKillAndDevice = resent },
                JsonSerializerOptions.Web));
            return;
        }

        var begin = plan.Silos == 1 ? "from the restart of its process" : "from the death of one of them";
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{plan.Silos} silo(s), {plan.Kills} kills, {plan.Devices} devices × {plan.Megabytes} MB, {begin}:"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  to the next accepted update  median {Statistics.Median(uploads):0.0} s, worst {uploads.Max():0.0} s"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  to the next version          median {Statistics.Median(publications):0.0} s, worst {publications.Max():0.0} s"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  sent twice                   {resent:0.00} updates for each kill and device"));
    }
}
