using System.Globalization;
using OrleansEdge.Contracts.Faults;

namespace OrleansEdge.Benchmarks.Echo;

/// <summary>A file in which agents note each update that the site has accepted: its round, and when.</summary>
internal static class CommitLog
{
    private const int MostRounds = 10_000;
    private static readonly Lock Gate = new();

    /// <summary>What writes the file: "faults" that harm nothing; without a file, those of the environment.</summary>
    /// <param name="path">The file; null for none.</param>
    public static ProcessFaults Faults(string? path) => path is null
        ? ProcessFaults.FromEnvironment(TimeProvider.System, FaultTarget.Agent)
        : ProcessFaults.None with
        {
            Switch = new(Enumerable.Range(0, MostRounds).Select(round => new ArmedFault(round, AgentPoints.Committed, () => Add(path, round)))),
        };

    /// <summary>All that is in the file: round and time, in the order of time.</summary>
    public static IReadOnlyList<(int Round, DateTimeOffset At)> Read(string path)
    {
        if (!File.Exists(path))
        {
            return [];
        }

        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        var text = reader.ReadToEnd();
        return [.. text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Parse)];
    }

    private static void Add(string path, int round)
    {
        lock (Gate)
        {
            File.AppendAllText(path, string.Create(CultureInfo.InvariantCulture, $"{round} {TimeProvider.System.GetUtcNow().UtcTicks}\n"));
        }
    }

    private static (int Round, DateTimeOffset At) Parse(string line)
    {
        var parts = line.Split(' ');
        return (int.Parse(parts[0], CultureInfo.InvariantCulture), new(long.Parse(parts[1], CultureInfo.InvariantCulture), TimeSpan.Zero));
    }
}
