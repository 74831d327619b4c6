using OrleansEdge.Grains.Jobs;

namespace OrleansEdge.LocalCluster.Jobs;

/// <summary>What a job file and the sites of a run must have in common.</summary>
internal static class HierarchyRules
{
    /// <summary>Checks that the job has an entry for each tier of sites, and rounds for all that is to happen in them.</summary>
    /// <param name="options">What to run.</param>
    /// <param name="job">The job, as the root has it.</param>
    /// <param name="fileName">The job file's name.</param>
    /// <exception cref="FormatException">It does not; the message says what to do.</exception>
    public static void Require(ClusterOptions options, JobDefinition job, string fileName)
    {
        var rounds = RoundsOfTiers(options, job, fileName);
        foreach (var place in options.Places)
        {
            place.Faults.RequireWithin(rounds[place.Tier]);
            if (place.Uplink.Partition is { } cut && (cut.Round < 1 || cut.Round > rounds[place.Tier - 1]))
            {
                throw new FormatException($"--cut has {place.Name} in round {cut.Round}, and {place.Parent} has {rounds[place.Tier - 1]} rounds: " +
                    $"name a round from 1 to {rounds[place.Tier - 1]}.");
            }
        }
    }

    /// <summary>The highest number that a round can have in each tier, the root's first.</summary>
    private static List<int> RoundsOfTiers(ClusterOptions options, JobDefinition job, string fileName)
    {
        List<int> rounds = [job.Rounds];
        var tiers = options.Places[^1].Tier;
        for (var site = job.Below; rounds.Count <= tiers; site = site.Below)
        {
            if (site is null)
            {
                throw new FormatException($"{fileName}: the run has {LocalTiers(tiers)} below the root, and 'tiers' has {rounds.Count - 1} of them: " +
                    "add an entry for each, the least is '- {}'.");
            }

            rounds.Add(rounds[^1] * JobTier.MostRounds(site));
        }

        return rounds;
    }

    private static string LocalTiers(int tiers) => tiers == 1 ? "1 tier of sites" : $"{tiers} tiers of sites";
}
