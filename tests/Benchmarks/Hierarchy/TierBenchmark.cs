using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using OrleansEdge.Benchmarks.Echo;
using OrleansEdge.Benchmarks.Exchange;
using OrleansEdge.Benchmarks.Processes;
using OrleansEdge.Benchmarks.Runs;
using OrleansEdge.Contracts.Faults.Network;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.LocalCluster.Hierarchy;

namespace OrleansEdge.Benchmarks.Hierarchy;

/// <summary>
/// What a site between root and devices adds to a round: each site has one device, so that the same bytes cross the same links with sites and
/// without, and weights come back unchanged.
/// </summary>
internal static class TierBenchmark
{
    private const int Sites = 2;
    private const int WarmUp = 2;
    private const int Exchanges = 5;
    private static readonly JobId Job = JobId.Parse("tier");

    /// <summary>Makes the verb <c>tier</c>.</summary>
    public static Command Create()
    {
        var megabytes = new Option<double>("--megabytes") { Description = "The size of the weights, in 10⁶ bytes.", DefaultValueFactory = _ => 5 };
        var rounds = new Option<int>("--rounds") { Description = "Rounds, of which the first two do not count.", DefaultValueFactory = _ => 8 };
        var wan = new Option<string?>("--wan") { Description = "The links to the root, as in \"delay:50ms bandwidth:100mbit\"; default: good ones." };
        var work = new Option<string?>("--work") { Description = "Where the run's folder is made; default: the system's temporary folder." };
        var json = new Option<bool>("--json") { Description = "Print one JSON object on the last line." };
        var command = new Command("tier", "What a tier adds to a round, against a plain transfer of the same bytes over the same link.")
        {
            megabytes, rounds, wan, work, json,
        };
        command.SetAction((arguments, _) => CommandFailures.Explain(async () =>
        {
            var link = arguments.GetValue(wan) is { } text ? NetworkFaults.Parse(text) : NetworkFaults.None;
            var parameters = (int)(arguments.GetValue(megabytes) * 1e6 / sizeof(float));
            var count = Math.Max(WarmUp + 1, arguments.GetValue(rounds));
            var flat = await Measure(parameters, count, link, hasSites: false, arguments.GetValue(work));
            var tiered = await Measure(parameters, count, link, hasSites: true, arguments.GetValue(work));
            var exchange = new PacedExchange(link, parameters * sizeof(float));
            await exchange.Run();
            var plain = new List<double>();
            for (var repeat = 0; repeat < Exchanges; repeat++)
            {
                plain.Add(await exchange.Run());
            }

            var yardstick = Statistics.Median(plain);
            Print(new(arguments.GetValue(wan), flat, tiered, yardstick, (tiered - flat) / yardstick), arguments.GetValue(json));
        }));
        return command;
    }

    private static async Task<double> Measure(int parameters, int rounds, NetworkFaults link, bool hasSites, string? workParent)
    {
        using var work = new WorkFolder(workParent);
        await using var system = await MeasuredHierarchy.Start(work, hasSites ? new HierarchyOptions { Sites = Sites, Wan = link } : null);
        for (var place = 0; place < Sites; place++)
        {
            system.StartEchoes(
                hasSites ? system.Sites[place] : system.Root, place + 1, devices: 1, parameters, hasSites ? NetworkFaults.None : link with { Seed = place });
        }

        await system.Submit(JobFile(rounds, hasSites), Sites);
        await system.WaitUntil(async () => (await system.GetJob(Job)).IsOver);
        var records = await system.Root.Client.GetRounds(Job, WarmUp + 1, CancellationToken.None);
        return Statistics.Median(records.Select(round => round.Seconds));
    }

    private static string JobFile(int rounds, bool hasSites) => $$"""
        job: {{Job}}
        model: logistic
        data: {{EchoAgentCommand.DataOffered}}
        rounds: {{rounds}}
        participants: {perRound: {{Sites}}, minimum: {{Sites}}}
        deadline: 10m
        {{(hasSites ? "tiers:\n  - participants: {perRound: 1, minimum: 1}\n    deadline: 10m\n" : "")}}evaluation: none
        """;

    private static void Print(Figures figures, bool json)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"links {figures.Link ?? "good"}: a round takes {figures.Flat:0.000} s without sites and {figures.Tiered:0.000} s with them, " +
            $"a plain transfer {figures.Plain:0.000} s: the tier adds {figures.Ratio:0.00} of it (to reach: 3)"));
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(figures, JsonSerializerOptions.Web));
        }
    }

    /// <summary>What was measured.</summary>
    /// <param name="Link">What is wrong with the links; null for nothing.</param>
    /// <param name="Flat">The median round of devices at the root, in seconds.</param>
    /// <param name="Tiered">The median round with sites between.</param>
    /// <param name="Plain">The median plain transfer of the weights there and back.</param>
    /// <param name="Ratio">What the tier adds, by that.</param>
    private sealed record Figures(string? Link, double Flat, double Tiered, double Plain, double Ratio);
}
