using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using OrleansEdge.Benchmarks.Echo;
using OrleansEdge.Benchmarks.Processes;
using OrleansEdge.Benchmarks.Runs;
using OrleansEdge.Contracts.Faults.Network;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.LocalCluster.Hierarchy;
using OrleansEdge.LocalCluster.Sites;

namespace OrleansEdge.Benchmarks.Hierarchy;

/// <summary>
/// How soon a site is back when the link to its parent is whole again: from then to the publication of the round that waits for its update.
/// </summary>
internal static class HealingBenchmark
{
    private const int Sites = 2;
    private const int FirstCut = 3;
    private const int Spacing = 2;
    private static readonly JobId Job = JobId.Parse("healing");

    /// <summary>Makes the verb <c>healing</c>.</summary>
    public static Command Create()
    {
        var seconds = new Option<int>("--seconds") { Description = "How long each cut lasts.", DefaultValueFactory = _ => 10 };
        var repeats = new Option<int>("--repeats") { Description = "How often all is started, each time with a cut of each site.", DefaultValueFactory = _ => 2 };
        var megabytes = new Option<double>("--megabytes") { Description = "The size of the weights, in 10⁶ bytes.", DefaultValueFactory = _ => 1 };
        var work = new Option<string?>("--work") { Description = "Where the run's folder is made; default: the system's temporary folder." };
        var json = new Option<bool>("--json") { Description = "Print one JSON object on the last line." };
        var command = new Command("healing", "From a healed link to the site's next accepted update.") { seconds, repeats, megabytes, work, json };
        command.SetAction((arguments, _) => CommandFailures.Explain(async () =>
        {
            var figures = new List<double>();
            for (var repeat = 0; repeat < Math.Max(1, arguments.GetValue(repeats)); repeat++)
            {
                figures.AddRange(await Measure(
                    TimeSpan.FromSeconds(arguments.GetValue(seconds)), (int)(arguments.GetValue(megabytes) * 1e6 / sizeof(float)), arguments.GetValue(work)));
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"from a healed link to the version with the site's update: median {Statistics.Median(figures):0.0} s, worst {figures.Max():0.0} s (to reach: 4)"));
            if (arguments.GetValue(json))
            {
                Console.WriteLine(JsonSerializer.Serialize(figures, JsonSerializerOptions.Web));
            }
        }));
        return command;
    }

    private static async Task<IReadOnlyList<double>> Measure(TimeSpan duration, int parameters, string? workParent)
    {
        using var work = new WorkFolder(workParent);
        var names = SiteTree.Of(Sites, tiers: 2, devices: 0).Skip(1).Select(place => place.Name);
        var cuts = names.Select((name, index) => KeyValuePair.Create(name, new Partition(duration, FirstCut + (index * Spacing))))
            .ToImmutableSortedDictionary();
        await using var system = await MeasuredHierarchy.Start(work, new HierarchyOptions { Sites = Sites, Cuts = cuts });
        for (var place = 0; place < Sites; place++)
        {
            system.StartEchoes(system.Sites[place], place + 1, devices: 1, parameters, NetworkFaults.None);
        }

        await system.Submit(JobFile(), Sites);
        var figures = new List<double>();
        foreach (var site in system.Sites)
        {
            var cut = cuts[site.Place.Name];
            await system.WaitUntil(async () => (await system.Root.Client.GetRounds(Job, cut.Round, CancellationToken.None)).Count > 0);

            // The cut begins when the round reaches the site, a moment after it was opened: that moment counts as time after the healing.
            var round = (await system.Root.Client.GetRounds(Job, cut.Round, CancellationToken.None))[0];
            figures.Add(round.Seconds - cut.Duration.TotalSeconds);
        }

        return figures;
    }

    private static string JobFile() => $$"""
        job: {{Job}}
        model: logistic
        data: {{EchoAgentCommand.DataOffered}}
        rounds: {{FirstCut + (Sites * Spacing)}}
        participants: {perRound: {{Sites}}, minimum: {{Sites}}}
        deadline: 10m
        tiers:
          - participants: {perRound: 1, minimum: 1}
            deadline: 10m
        evaluation: none
        """;
}
