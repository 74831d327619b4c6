using System.Globalization;

namespace OrleansEdge.Benchmarks.Hierarchy;

/// <summary>Whether devices take part at the root, or at sites, and how often they average.</summary>
/// <param name="LocalSteps">κ₁: steps of a device between two averages.</param>
/// <param name="EdgeRounds">κ₂: averages at a site for each one at the root; 0 for devices without sites.</param>
internal sealed record AccuracyCase(int LocalSteps, int EdgeRounds)
{
    /// <summary>Whether there are sites.</summary>
    public bool HasSites => EdgeRounds > 0;

    /// <inheritdoc/>
    public override string ToString() => HasSites
        ? string.Create(CultureInfo.InvariantCulture, $"({LocalSteps},{EdgeRounds})")
        : string.Create(CultureInfo.InvariantCulture, $"flat {LocalSteps}");
}

/// <summary>What is measured of each case.</summary>
/// <param name="Data">MNIST's folder, and which part of it.</param>
/// <param name="Split">How the data are divided over the devices.</param>
/// <param name="Sites">How many sites, or places of devices that share a link.</param>
/// <param name="DevicesPerSite">How many devices each has.</param>
/// <param name="Wan">What is wrong with the links to the root.</param>
/// <param name="MostRounds">The rounds of the root after which it is given up.</param>
/// <param name="Goal">The accuracy to reach.</param>
/// <param name="Work">Where the run's folder is made; null for the system's temporary folder.</param>
internal sealed record AccuracyPlan(
    string Data, string Split, int Sites, int DevicesPerSite, string Wan, int MostRounds, double Goal, string? Work)
{
    /// <summary>The job's id.</summary>
    public const string Job = "hierarchy";

    /// <summary>The devices of all sites.</summary>
    public int Devices => Sites * DevicesPerSite;

    /// <summary>The job file of a case.</summary>
    public string JobFile(AccuracyCase which)
    {
        var participants = which.HasSites ? Sites : Devices;
        var tiers = which.HasSites
            ? $"tiers:\n  - rounds: {which.EdgeRounds}\n    participants: {{perRound: {DevicesPerSite}, minimum: {DevicesPerSite}}}\n    deadline: 30m\n"
            : "";
        return $$"""
            job: {{Job}}
            model: niid-cnn
            data: digits
            rounds: {{MostRounds}}
            participants: {perRound: {{participants}}, minimum: {{participants}}}
            deadline: 30m
            {{tiers}}training:
              localSteps: {{which.LocalSteps}}
              batchSize: 20
              optimiser: {name: sgd, learningRate: 0.05}
            seed: 1
            evaluation: {mode: central, every: 1}
            """;
    }
}

/// <summary>How far a run had come after a round of the root.</summary>
/// <param name="Round">The round.</param>
/// <param name="Seconds">The time of all rounds so far, from their opening to their publication, without what measuring takes.</param>
/// <param name="Megabytes">Bytes on the links to the root so far, both ways, in 10⁶.</param>
/// <param name="Accuracy">On the test set.</param>
internal readonly record struct AccuracyPoint(int Round, double Seconds, double Megabytes, double Accuracy);

/// <summary>What came out of a case.</summary>
/// <param name="Case">The case.</param>
/// <param name="Points">A point for each round.</param>
internal sealed record AccuracyFigures(AccuracyCase Case, IReadOnlyList<AccuracyPoint> Points)
{
    /// <summary>Where the goal was reached; null if it was not.</summary>
    public AccuracyPoint? Reached(double goal) => Points.Any(point => point.Accuracy >= goal) ? Points.First(point => point.Accuracy >= goal) : null;
}
