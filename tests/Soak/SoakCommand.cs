using System.CommandLine;
using OrleansEdge.LocalCluster;

namespace OrleansEdge.Soak;

/// <summary>The command line.</summary>
internal static class SoakCommand
{
    private const int Failed = 1;
    private const int WrongInput = 2;
    private const int Interrupted = 130;

    private static readonly Option<double?> Minutes = new("--minutes") { Description = "For how long; default 5, or no limit where --rounds is given." };

    private static readonly Option<int?> Rounds = new("--rounds") { Description = "How many rounds; default: as many as fit." };

    private static readonly Option<int> Seed = new("--seed") { Description = "Decides what is killed, and when.", DefaultValueFactory = _ => 1 };

    private static readonly Option<int> Agents = new("--agents") { Description = "Agent processes.", DefaultValueFactory = _ => 3 };

    private static readonly Option<double> KillEvery = new("--kill-every")
    {
        Description = "Seconds between two kills, on average; 0 for none.",
        DefaultValueFactory = _ => 15,
    };

    private static readonly Option<string?> Work = new("--work") { Description = "A folder for the site's store and all logs; kept. Default: a temporary one." };

    private static readonly Option<bool> Json = new("--json") { Description = "Print the report as one JSON object on the last line." };

    /// <summary>Runs it. The exit code is 0 only if no round was lost and nothing grew.</summary>
    public static async Task<int> Run(string[] arguments, CancellationToken cancellation)
    {
        var root = new RootCommand(
            "Rounds of a real site with retention on, whose silo and agents are killed at random: is any round lost, and does anything grow?")
        {
            Minutes, Rounds, Seed, Agents, KillEvery, Work, Json,
        };
        root.SetAction(async parse =>
        {
            try
            {
                var report = await new SoakRun(Read(parse), TimeProvider.System).Run(cancellation);
                SoakReportPrinter.Print(report, parse.GetValue(Json));
                return report.Problems.Count == 0 ? 0 : Failed;
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return Interrupted;
            }
            catch (Exception exception) when (exception is ClusterException or FormatException)
            {
                await Console.Error.WriteLineAsync($"error: {exception.Message}");
                return exception is FormatException ? WrongInput : Failed;
            }
        });
        return await root.Parse(arguments).InvokeAsync(cancellationToken: CancellationToken.None);
    }

    private static SoakOptions Read(ParseResult parse)
    {
        var (minutes, rounds) = (parse.GetValue(Minutes), parse.GetValue(Rounds));
        return new SoakOptions
        {
            Time = minutes is { } given ? TimeSpan.FromMinutes(Require(given, given > 0, "--minutes", "more than 0"))
                : rounds is null ? TimeSpan.FromMinutes(5) : null,
            Rounds = rounds is { } number ? Require(number, number > 0, "--rounds", "1 or more") : null,
            Seed = parse.GetValue(Seed),
            Agents = Require(parse.GetValue(Agents), parse.GetValue(Agents) > 0, "--agents", "1 or more"),
            KillEvery = TimeSpan.FromSeconds(Require(parse.GetValue(KillEvery), parse.GetValue(KillEvery) >= 0, "--kill-every", "0 or more")),
            Work = parse.GetValue(Work),
            Json = parse.GetValue(Json),
        };
    }

    private static T Require<T>(T value, bool isPossible, string option, string expected) =>
        isPossible ? value : throw new FormatException($"{option} is {value}: give {expected}.");
}
