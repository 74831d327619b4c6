using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace OrleansEdge.Benchmarks.Calls;

/// <summary>
/// What it costs to look at every call, and to encrypt it as well: heartbeats a second with the guard, and with the guard and TLS, as ratios to the
/// same with neither, in the same run.
/// </summary>
internal static class CallsBenchmark
{
    private const int Repetitions = 5;
    private static readonly int[] InFlight = [1, 256];
    private static readonly TimeSpan Warmup = TimeSpan.FromSeconds(2);

    /// <summary>The verb <c>calls</c>.</summary>
    public static Command Create()
    {
        var seconds = new Option<double>("--seconds") { Description = "Length of each measurement", DefaultValueFactory = _ => 2 };
        var json = new Option<bool>("--json") { Description = "Print one JSON object on the last line" };
        var command = new Command("calls", "Small calls a second with tokens and the guard, and with TLS as well, as ratios to the same with neither") { seconds, json };
        command.SetAction((arguments, _) => Run(TimeSpan.FromSeconds(arguments.GetValue(seconds)), arguments.GetValue(json)));
        return command;
    }

    private static async Task<int> Run(TimeSpan length, bool json)
    {
        await using var open = await CalledSite.Start(isGuarded: false, isSecured: false);
        await using var guarded = await CalledSite.Start(isGuarded: true, isSecured: false);
        await using var secured = await CalledSite.Start(isGuarded: true, isSecured: true);
        var results = new Dictionary<string, double>();
        foreach (var inFlight in InFlight)
        {
            var (without, looked, both) = (new List<double>(), new List<double>(), new List<double>());
            foreach (var site in (CalledSite[])[open, guarded, secured])
            {
                await Measure(site, inFlight, Warmup);
            }

            for (var repetition = 0; repetition < Repetitions; repetition++)
            {
                without.Add(await Measure(open, inFlight, length));
                looked.Add(await Measure(guarded, inFlight, length));
                both.Add(await Measure(secured, inFlight, length));
            }

            var bare = Statistics.Median(without);
            results[$"guard{inFlight}"] = Statistics.Median(looked) / bare;
            results[$"guardAndTls{inFlight}"] = Statistics.Median(both) / bare;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{inFlight,4} in flight: {bare:N0} calls/s with neither; with the guard {results[$"guard{inFlight}"]:0.00} of that, with TLS 1.3 as well {results[$"guardAndTls{inFlight}"]:0.00}"));
        }

        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(results, JsonSerializerOptions.Web));
        }

        return 0;
    }

    private static async Task<double> Measure(CalledSite site, int inFlight, TimeSpan length)
    {
        // A token is good for minutes, and the loop below only carries one that is there.
        await site.Renew();
        var calls = 0L;
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, inFlight).Select(_ => Task.Run(async () =>
        {
            while (clock.Elapsed < length)
            {
                site.Enter();
                await site.Call();
                Interlocked.Increment(ref calls);
            }
        })));
        return calls / clock.Elapsed.TotalSeconds;
    }
}
