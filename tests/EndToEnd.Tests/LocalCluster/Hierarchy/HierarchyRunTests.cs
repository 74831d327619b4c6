namespace OrleansEdge.EndToEnd.Tests.LocalCluster.Hierarchy;

/// <summary>Sites between devices and root, as processes: what happens to links and processes changes nothing but time, unless the job allows it.</summary>
[Trait("Category", "EndToEnd")]
public sealed class HierarchyRunTests(HierarchyRun run) : IClassFixture<HierarchyRun>
{
    /// <summary>The weights of the job's network, in bytes: 784 × 32 weights and 32 biases, then 32 × 10 and 10.</summary>
    private const int ModelBytes = ((784 * 32) + 32 + (32 * 10) + 10) * sizeof(float);

    [Fact]
    public void Run_in_peace_reports_each_site()
    {
        Assert.Equal(
            ["harbour", "quarry"], run.Undisturbed.Report.GetProperty("sites").EnumerateArray().Select(site => site.GetProperty("name").GetString()));
        Assert.All(["harbour", "quarry"], site => Assert.Equal(
            (HierarchyRun.Rounds, 0, 0), (Number(site, "rounds"), Number(site, "autonomousRounds"), Number(site, "staleUpdatesAccepted"))));

        // Each site measures its own versions.
        Assert.All(["harbour", "quarry"], site => Assert.InRange(HierarchyRun.Site(run.Undisturbed, site).GetProperty("accuracy").GetDouble(), 0.05, 1));

        // One site has made version 0 as well.
        Assert.Equal((2 * HierarchyRun.Rounds) + 1, Number("harbour", "updatesAccepted") + Number("quarry", "updatesAccepted"));
        Assert.Equal(4, run.Undisturbed.Report.GetProperty("participants").GetInt32());
    }

    [Fact]
    public async Task Site_that_is_cut_off_and_waited_for_leaves_the_weights_as_they_are()
    {
        var result = await run.Run(HierarchyRun.Job(devices: 2), "--sites", "2", "--devices", "2", "--cut", "harbour@3:5s");

        Assert.Equal(run.Undisturbed.Weights, result.Weights);
        Assert.Contains("harbour reaches cloud again", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Site_that_is_not_waited_for_goes_on_by_itself_and_its_late_update_counts_once()
    {
        var job = HierarchyRun.Job(devices: 2, "quorum: 1\ndeadline: 4s\nstaleness: {maximum: 4, exponent: 0.5}", autonomy: 2);

        var result = await run.Run(job, "--sites", "2", "--devices", "2", "--cut", "harbour@3:15s");

        Assert.InRange(HierarchyRun.Number(result, "harbour", "autonomousRounds"), 1, 2);
        Assert.Equal(1, HierarchyRun.Number(result, "harbour", "staleUpdatesAccepted"));

        // What either side has counted is the same: none twice, and none lost.
        Assert.Equal(Both("staleUpdatesAccepted"), result.Report.GetProperty("lateUpdates").GetInt64());
        Assert.Equal(Both("updatesAccepted"), result.Report.GetProperty("updates").GetInt64());

        long Both(string name) => HierarchyRun.Number(result, "harbour", name) + HierarchyRun.Number(result, "quarry", name);
    }

    [Fact]
    public async Task Further_tier_that_only_passes_on_learns_as_much()
    {
        var job = HierarchyRun.Job(devices: 2).Replace(
            "tiers:\n", "tiers:\n  - participants: {perRound: 1, minimum: 1}\n    quorum: all\n    deadline: 5m\n", StringComparison.Ordinal);

        var result = await run.Run(job, "--sites", "2", "--tiers", "3", "--devices", "2");

        // The order of a device's examples depends on the sites above it, so that the weights are others.
        Assert.Equal(run.Undisturbed.Report.GetProperty("loss").GetDouble(), result.Report.GetProperty("loss").GetDouble(), tolerance: 0.02);
        Assert.All(["harbour", "quarry", "orchard", "mill"], site => Assert.Equal(HierarchyRun.Rounds, HierarchyRun.Number(result, site, "rounds")));
    }

    [Fact]
    public async Task Version_crosses_the_link_to_a_site_once_whatever_the_number_of_its_devices()
    {
        var result = await run.Run(HierarchyRun.Job(devices: 4), "--sites", "2", "--devices", "4");

        // Versions 0 to 6 at most, and what is said beside them.
        Assert.InRange(Number("harbour", "bytesDown"), (HierarchyRun.Rounds - 1) * ModelBytes, (HierarchyRun.Rounds + 2) * ModelBytes);
        // Version 0 and an update for each round, from one site or both.
        Assert.InRange(Number("harbour", "bytesUp"), (HierarchyRun.Rounds - 1) * ModelBytes, (HierarchyRun.Rounds + 2) * ModelBytes);
        Assert.InRange(HierarchyRun.Number(result, "harbour", "bytesDown") / (double)Number("harbour", "bytesDown"), 0.8, 1.2);
        Assert.InRange(HierarchyRun.Number(result, "harbour", "bytesUp") / (double)Number("harbour", "bytesUp"), 0.8, 1.2);
    }

    private long Number(string site, string name) => HierarchyRun.Number(run.Undisturbed, site, name);
}
