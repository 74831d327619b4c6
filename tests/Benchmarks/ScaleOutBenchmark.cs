using System.CommandLine;
using System.Globalization;
using OrleansEdge.Benchmarks.Echo;
using OrleansEdge.Benchmarks.Processes;
using OrleansEdge.Benchmarks.Runs;
using OrleansEdge.Benchmarks.Sites;
using OrleansEdge.Contracts.Faults;

namespace OrleansEdge.Benchmarks;

/// <summary>The same rounds with one silo and with several, on the same processors, the same Redis and the same Azurite.</summary>
internal static class ScaleOutBenchmark
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>Makes the verb <c>scale-out</c>.</summary>
    public static Command Create()
    {
        var silos = new Option<string>("--silos") { Description = "Numbers of silos; the first is what the others are compared with.", DefaultValueFactory = _ => "1,2,3" };
        var devices = new Option<int>("--devices") { Description = "Agent processes.", DefaultValueFactory = _ => 8 };
        var megabytes = new Option<double>("--megabytes") { Description = "The size of the weights, in 10⁶ bytes.", DefaultValueFactory = _ => 5 };

        // Many: each silo compiles what it runs when it is first given a round or a shard.
        var rounds = new Option<int>("--rounds") { Description = "Rounds, of which the first two do not count.", DefaultValueFactory = _ => 102 };
        var work = new Option<string?>("--work") { Description = "Where the run's folder is made; default: the system's temporary folder." };
        var command = new Command("scale-out", "The same rounds with one, two and three silos.") { silos, devices, megabytes, rounds, work };
        command.SetAction((arguments, _) => CommandFailures.Explain(async () =>
        {
            double? first = null;
            foreach (var count in arguments.GetRequiredValue(silos).Split(',').Select(text => int.Parse(text, CultureInfo.InvariantCulture)))
            {
                var plan = new EchoPlan(
                    arguments.GetValue(devices), arguments.GetValue(devices), 1, arguments.GetValue(megabytes), "fedavg",
                    Math.Max(EchoPlan.WarmUp + 1, arguments.GetValue(rounds)), 0, arguments.GetValue(work));
                var (median, fastest, slowest, processor) = await Measure(plan, count);
                first ??= median;
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{count} silo(s): round {median:0.000} s ({fastest:0.000} to {slowest:0.000}), {plan.Devices * plan.Megabytes / median:0} MB of updates folded a second, "
                    + $"silos' processor time {processor:0.000} s a round, round against the first {median / first:0.00}"));
            }
        }));
        return command;
    }

    private static async Task<(double Median, double Fastest, double Slowest, double Processor)> Measure(EchoPlan plan, int silos)
    {
        using var work = new WorkFolder(plan.Work);
        await using var site = await ClusteredSite.Start(work, silos, shared: true, FaultPlan.None);
        var agents = Enumerable.Range(1, plan.Devices).Select(number => EchoJob.StartAgents(work, site.Addresses, number, 1, plan.Parameters)).ToList();
        try
        {
            await site.Submit(EchoJob.File(plan.Rounds, plan.Devices));
            await WaitForRound(site, EchoPlan.WarmUp + 1, agents);
            var before = site.ProcessIds.Sum(ProcessMeter.ProcessorSeconds);
            await WaitForRound(site, int.MaxValue, agents);
            var processor = (site.ProcessIds.Sum(ProcessMeter.ProcessorSeconds) - before) / (plan.Rounds - EchoPlan.WarmUp);
            var seconds = (await site.Rounds(EchoJob.Name)).Where(round => round.Round > EchoPlan.WarmUp).Select(round => round.Seconds).ToList();
            return (Statistics.Median(seconds), seconds.Min(), seconds.Max(), processor);
        }
        finally
        {
            agents.ForEach(agent => agent.Stop());
            agents.ForEach(agent => agent.Dispose());
        }
    }

    private static async Task WaitForRound(ClusteredSite site, int round, List<ChildProcess> agents)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (await site.Find(EchoJob.Name) is not { } view || (view.Phase != "completed" && view.Round < round))
        {
            agents.ForEach(agent => agent.RequireAlive());
            await Task.Delay(Pause, limit.Token);
        }
    }
}
