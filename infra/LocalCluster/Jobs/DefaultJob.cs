using System.Globalization;

namespace OrleansEdge.LocalCluster.Jobs;

/// <summary>The job of the first command: short, and good enough to convince.</summary>
internal static class DefaultJob
{
    /// <summary>The number of rounds.</summary>
    public const int Rounds = 5;

    /// <summary>
    /// How many rounds a site goes on by itself: with the data of its own devices only, more of them lead away from what all learn together.
    /// </summary>
    private const int Autonomy = 2;

    private const int MaximumStaleness = 4;

    /// <summary>Writes the job file.</summary>
    public static string Write(ClusterOptions options) => $"""
        # A small convolutional network learns digits from images that stay on the devices.
        job: digits
        model: niid-cnn
        publish: digits
        data: digits
        rounds: {Rounds}
        {Top(options)}
        onMissedQuorum: extend
        {Tiers(options)}training:
          localEpochs: 1
          batchSize: 32
          optimiser:
            name: sgd
            learningRate: 0.02
            momentum: 0.9
        seed: {options.Seed}
        evaluation:
          mode: central
          every: 1

        """.ReplaceLineEndings("\n");

    private static string Top(ClusterOptions options)
    {
        var participants = options.Hierarchy?.Sites ?? options.Devices;
        var everyone = Participants(participants, indent: "");
        return options.Hierarchy is not { MayMissSites: true } hierarchy
            ? $"{everyone}\nquorum: all\ndeadline: 5m"
            // All sites must be there before a round opens: otherwise those that are left would race to the end of so short a job,
            // and one that comes back would have nothing to hand over to.
            : $$"""
                {{everyone}}
                quorum: {{hierarchy.Quorum}}
                deadline: 15s
                staleness: {maximum: {{MaximumStaleness}}, exponent: 0.5}
                """;
    }

    /// <summary>An entry for each tier below the root; what matters is that a site waits for all of its devices, as the root does for all sites.</summary>
    private static string Tiers(ClusterOptions options)
    {
        if (options.Hierarchy is not { } hierarchy)
        {
            return "";
        }

        var entries = Enumerable.Range(1, hierarchy.Tiers - 1).Select(tier =>
            $"  - rounds: 1\n{Participants(tier == hierarchy.Tiers - 1 ? options.Devices : 1, indent: "    ")}\n    quorum: all\n    deadline: 5m\n    evaluation: central\n" +
            (hierarchy.MayMissSites ? string.Create(CultureInfo.InvariantCulture, $"    autonomy: {Autonomy}\n") : ""));
        return $"tiers:\n{string.Concat(entries)}";
    }

    private static string Participants(int count, string indent) => string.Create(
        CultureInfo.InvariantCulture, $"{indent}participants:\n{indent}  perRound: {count}\n{indent}  minimum: {count}");
}
