using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansEdge.Benchmarks.Processes;
using OrleansEdge.Benchmarks.Runs;
using OrleansEdge.Benchmarks.Sites;
using OrleansEdge.Contracts.Faults;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Participation.Connection;

namespace OrleansEdge.Benchmarks.Flood;

/// <summary>
/// How long an honest device's heartbeat takes beside a device that floods the site, as a ratio to how long it takes beside one that burns the
/// same processor time and says nothing. The two take turns.
/// </summary>
internal static class FloodBenchmark
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(10);
    private static readonly JsonSerializerOptions Json = JsonSerializerOptions.Web;

    /// <summary>Makes the verb <c>flood</c>.</summary>
    public static Command Create()
    {
        var pairs = new Option<int>("--pairs") { Description = "Pairs of a flood and a control.", DefaultValueFactory = _ => 5 };
        var beats = new Option<int>("--beats") { Description = "Heartbeats in each of them.", DefaultValueFactory = _ => 500 };
        var warmUp = new Option<double>("--warm-up") { Description = "Seconds of flood that do not count: what is allowed for a moment.", DefaultValueFactory = _ => 8 };
        var kind = new Option<FloodKind>("--kind") { Description = "Calls or Chunks.", DefaultValueFactory = _ => FloodKind.Calls };
        var work = new Option<string?>("--work") { Description = "Where the run's folder is made; default: the system's temporary folder." };
        var json = new Option<bool>("--json") { Description = "Print one JSON object on the last line." };
        var command = new Command("flood", "An honest device's heartbeat beside a flooding one, against one that burns as much in silence.")
        {
            pairs, beats, warmUp, kind, work, json,
        };
        command.SetAction((arguments, _) => CommandFailures.Explain(async () =>
        {
            var figures = await Measure(
                arguments.GetValue(kind), arguments.GetValue(pairs), arguments.GetValue(beats), TimeSpan.FromSeconds(arguments.GetValue(warmUp)), arguments.GetValue(work));
            Print(figures, arguments.GetValue(json));
        }));
        return command;
    }

    private static async Task<FloodFigures> Measure(FloodKind kind, int pairs, int beats, TimeSpan warmUp, string? work)
    {
        using var folder = new WorkFolder(work);
        using var site = await MeasuredSite.Start(folder, isLimited: true);
        await using var connection = await SiteConnection.Open([site.Address], credentials: null, ProcessFaults.None, TimeProvider.System, NullLogger.Instance, observer: null, CancellationToken.None);
        using var honest = new HeartbeatDevice(ParticipantId.Parse("honest"), connection);
        await honest.Register();
        await Beat(honest, beats);
        var alone = await Beat(honest, beats);
        List<double> flooded = [], burned = [], floodCores = [], siloCores = [];
        for (var pair = 0; pair < pairs; pair++)
        {
            var flood = await Beside(kind, 0, honest, beats, warmUp, site, folder, $"flood{pair}");
            var burn = await Beside(FloodKind.Burn, flood.Cores, honest, beats, warmUp, site, folder, $"burn{pair}");
            flooded.AddRange(flood.Milliseconds);
            burned.AddRange(burn.Milliseconds);
            floodCores.Add(flood.Cores);
            siloCores.Add(flood.SiloCores);
        }

        return new(
            kind.ToString(), Statistics.Median(alone), Statistics.Median(burned), Statistics.Median(flooded), Statistics.Median(flooded) / Statistics.Median(burned),
            Percentile99(burned), Percentile99(flooded), Percentile99(flooded) / Percentile99(burned), Statistics.Median(floodCores), Statistics.Median(siloCores));
    }

    private static async Task<(List<double> Milliseconds, double Cores, double SiloCores)> Beside(
        FloodKind kind, double cores, HeartbeatDevice honest, int beats, TimeSpan warmUp, MeasuredSite site, WorkFolder work, string log)
    {
        using var neighbour = ChildProcess.StartSelf(
            work.At(log), FloodCommand.Verb, "--site", site.Address.ToString(), "--kind", kind.ToString(), "--cores", cores.ToString(CultureInfo.InvariantCulture));
        await Task.Delay(warmUp);
        var began = Stopwatch.GetTimestamp();
        var (before, siloBefore) = (ProcessMeter.ProcessorSeconds(neighbour.Id), ProcessMeter.ProcessorSeconds(site.ProcessId));
        var milliseconds = await Beat(honest, beats);
        neighbour.RequireAlive();
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        return (milliseconds, (ProcessMeter.ProcessorSeconds(neighbour.Id) - before) / seconds, (ProcessMeter.ProcessorSeconds(site.ProcessId) - siloBefore) / seconds);
    }

    private static async Task<List<double>> Beat(HeartbeatDevice device, int beats)
    {
        var milliseconds = new List<double>(beats);
        using var pace = new PeriodicTimer(Pace);
        for (var beat = 0; beat < beats; beat++)
        {
            await pace.WaitForNextTickAsync();
            var began = Stopwatch.GetTimestamp();
            await device.Beat();
            milliseconds.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        return milliseconds;
    }

    private static double Percentile99(List<double> values) => values.Order().ElementAt((int)Math.Ceiling(0.99 * values.Count) - 1);

    private static void Print(FloodFigures figures, bool json)
    {
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(figures, Json));
            return;
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"Heartbeats of an honest device, in ms, beside {figures.FloodCores:0.00} cores of flood ({figures.Kind}; the silo takes {figures.SiloCores:0.00}):"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  median          alone {figures.AloneMedian:0.00}   control {figures.ControlMedian:0.00}   flood {figures.FloodMedian:0.00}   ratio {figures.MedianRatio:0.00}"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  99th percentile            control {figures.ControlPercentile99:0.00}   flood {figures.FloodPercentile99:0.00}   ratio {figures.Percentile99Ratio:0.00}"));
    }

    /// <summary>What was measured, in ms and processors.</summary>
    private sealed record FloodFigures(
        string Kind, double AloneMedian, double ControlMedian, double FloodMedian, double MedianRatio, double ControlPercentile99, double FloodPercentile99,
        double Percentile99Ratio, double FloodCores, double SiloCores);
}
