using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using OrleansEdge.Benchmarks.Echo;
using OrleansEdge.Benchmarks.Processes;
using OrleansEdge.Benchmarks.Runs;
using OrleansEdge.Benchmarks.Sites;

namespace OrleansEdge.Benchmarks.Hierarchy;

/// <summary>
/// How soon a site that was killed serves again while its parent is away: from the start of its process to the last byte of its last version.
/// </summary>
internal static class StartBenchmark
{
    private const int Rounds = 2;

    /// <summary>A port at which nobody listens.</summary>
    private static readonly Uri Nobody = new("http://127.0.0.1:9");

    /// <summary>Makes the verb <c>start</c>.</summary>
    public static Command Create()
    {
        var repeats = new Option<int>("--repeats") { Description = "How often the site is killed and started.", DefaultValueFactory = _ => 10 };
        var megabytes = new Option<double>("--megabytes") { Description = "The size of the weights, in 10⁶ bytes.", DefaultValueFactory = _ => 5 };
        var work = new Option<string?>("--work") { Description = "Where the run's folder is made; default: the system's temporary folder." };
        var command = new Command("start", "From the start of a site whose parent is away to the last byte of its last version.") { repeats, megabytes, work };
        command.SetAction((arguments, _) => CommandFailures.Explain(async () =>
        {
            var seconds = await Measure(
                Math.Max(1, arguments.GetValue(repeats)), Math.Max(1, (int)(arguments.GetValue(megabytes) * 1e6 / sizeof(float))), arguments.GetValue(work));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"from a site's start without its parent to the last byte of its last version: median {Statistics.Median(seconds):0.0} s, worst {seconds.Max():0.0} s (to reach: 10)"));
        }));
        return command;
    }

    private static async Task<List<double>> Measure(int repeats, int parameters, string? workParent)
    {
        using var work = new WorkFolder(workParent);
        await Train(work, parameters);
        var seconds = new List<double>();
        for (var repeat = 0; repeat < repeats; repeat++)
        {
            var clock = Stopwatch.StartNew();
            using var site = await MeasuredSite.Start(work, parent: Nobody);
            var bytes = await site.Download(EchoJob.Name, Rounds);
            seconds.Add(clock.Elapsed.TotalSeconds);
            if (bytes < (long)parameters * sizeof(float))
            {
                throw new BenchmarkException($"the site has served {bytes} bytes, which are not the version.");
            }
        }

        return seconds;
    }

    private static async Task Train(WorkFolder work, int parameters)
    {
        using var site = await MeasuredSite.Start(work);
        using var agent = EchoJob.StartAgents(work, [site.Address], first: 1, devices: 1, parameters);
        await site.Submit(EchoJob.File(Rounds, devices: 1));
        await site.WaitForRound(EchoJob.Name, int.MaxValue, [agent]);
    }
}
