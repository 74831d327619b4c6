using System.Globalization;

namespace OrleansEdge.Soak;

/// <summary>Something that should not grow.</summary>
/// <param name="Name">What, and in which unit.</param>
/// <param name="Slope">How it does.</param>
/// <param name="First">Its mean over the first tenth of the readings.</param>
/// <param name="Last">Its mean over the last tenth.</param>
/// <param name="Grows">Whether it grows.</param>
internal sealed record Growth(string Name, Slope Slope, double First, double Last, bool Grows);

/// <summary>What came of a soak run.</summary>
internal sealed record SoakReport
{
    /// <summary>What amounts to more than this share of the mean, over the longest life, is growth.</summary>
    private const double Tolerance = 0.1;

    /// <summary>A process takes its memory in the first rounds of its life; so many are left out of each.</summary>
    private const int WarmUpRounds = 50;

    /// <summary>In this time the site collects what it does not keep, more than once.</summary>
    private const double CollectionSeconds = 10;

    /// <summary>Rounds done.</summary>
    public required int Rounds { get; init; }

    /// <summary>Rounds that are missing, were skipped, or lack an agent's update.</summary>
    public required IReadOnlyList<int> LostRounds { get; init; }

    /// <summary>From the first round to the last.</summary>
    public required double Seconds { get; init; }

    /// <summary>Kills of the silo.</summary>
    public required int SiloKills { get; init; }

    /// <summary>Kills of agents.</summary>
    public required int AgentKills { get; init; }

    /// <summary>The seed of the kills.</summary>
    public required int Seed { get; init; }

    /// <summary>The longest round, from its opening to its publication, in seconds.</summary>
    public required double SlowestRound { get; init; }

    /// <summary>Bytes of updates that were sent more than once.</summary>
    public required long BytesResent { get; init; }

    /// <summary>What was watched.</summary>
    public required IReadOnlyList<Growth> Growth { get; init; }

    /// <summary>A reading for each round.</summary>
    public required IReadOnlyList<SoakSample> Samples { get; init; }

    /// <summary>Why the run is no success, a sentence each.</summary>
    public IReadOnlyList<string> Problems =>
    [
        .. LostRounds.Count == 0 ? Array.Empty<string>() : [$"{LostRounds.Count} rounds were lost, the first of them round {LostRounds[0]}."],
        .. Growth.Where(growth => growth.Grows).Select(growth => string.Create(
            CultureInfo.InvariantCulture, $"{growth.Name} grows by {growth.Slope.PerRound:0.###} ± {growth.Slope.StandardError:0.###} in each round.")),
        .. Growth.Where(growth => double.IsInfinity(growth.Slope.StandardError)).Select(growth =>
            $"{growth.Name}: there were too few readings to tell whether it grows; let it run for longer."),
        .. Rounds > 0 ? Array.Empty<string>() : ["No round was done."],
    ];

    /// <summary>Fits what was read.</summary>
    public static IReadOnlyList<Growth> Fit(IReadOnlyList<SoakSample> samples)
    {
        var silo = samples.Where(sample => sample.Silo is not null).Select(sample => (sample.Round, Process: sample.Silo!.Value)).ToList();
        var agents = samples.SelectMany(sample => sample.Agents.Select(agent => (sample.Round, Process: agent))).ToList();
        return
        [
            Of("silo, working set in MB", Lives(silo, process => process.WorkingSet / 1e6)),
            Of("silo, handles", Lives(silo, process => process.Handles)),
            Of("agents, working set in MB", Lives(agents, process => process.WorkingSet / 1e6)),
            Of("agents, handles", Lives(agents, process => process.Handles)),
            Of("store, least blobs", Store(samples, store => store.Blobs)),
            Of("store, least KB", Store(samples, store => store.Bytes / 1e3)),
        ];
    }

    private static Growth Of(string name, List<Reading> readings)
    {
        var slope = Slope.Of(readings);
        var tenth = Math.Max(1, readings.Count / 10);
        return new(
            name, slope, readings.Take(tenth).Select(reading => reading.Value).DefaultIfEmpty().Average(),
            readings.TakeLast(tenth).Select(reading => reading.Value).DefaultIfEmpty().Average(),
            slope.Grows(LongestLife(readings), Tolerance));
    }

    /// <summary>In rounds.</summary>
    private static int LongestLife(List<Reading> readings) => readings.GroupBy(reading => reading.Life)
        .Select(life => life.Max(reading => reading.Round) - life.Min(reading => reading.Round)).DefaultIfEmpty().Max();

    private static List<Reading> Lives(List<(int Round, ProcessReading Process)> readings, Func<ProcessReading, double> value)
    {
        var begun = readings.GroupBy(reading => reading.Process.Life).ToDictionary(life => life.Key, life => life.Min(reading => reading.Round));
        return [.. readings.Where(reading => reading.Round >= begun[reading.Process.Life] + WarmUpRounds)
            .Select(reading => new Reading(reading.Process.Life, reading.Round, value(reading.Process)))];
    }

    /// <summary>
    /// The store is one life, however often the silo is killed; it fills up to what is kept at first. Between two collections it holds as much as
    /// there were rounds meanwhile, which is a matter of their speed: what stays behind is the least that it holds in some seconds.
    /// </summary>
    private static List<Reading> Store(IReadOnlyList<SoakSample> samples, Func<StoreReading, double> value) =>
    [
        .. samples.Where(sample => sample.Round > WarmUpRounds)
            .GroupBy(sample => (int)(sample.Seconds / CollectionSeconds))
            .Select(stretch => stretch.MinBy(sample => value(sample.Store))!)
            .Select(sample => new Reading(0, sample.Round, value(sample.Store))),
    ];
}
