using OrleansEdge.Contracts.Faults;
using OrleansEdge.EndToEnd.Tests.LocalCluster.Hierarchy;

namespace OrleansEdge.EndToEnd.Tests.Faults;

/// <summary>
/// The silo of the root and of each site below it is killed, at each point that it passes: where all sites are waited for, that changes nothing but time.
/// </summary>
[Trait("Category", "EndToEnd")]
public sealed class TierFaultMatrixTests(HierarchyRun run) : IClassFixture<HierarchyRun>
{
    public static TheoryData<string> Points =>
        [.. (FaultMatrixPage.Wanted is null ? TierFaultCell.Sample : TierFaultCell.All).Select(cell => cell.Point.Name)];

    [Theory]
    [MemberData(nameof(Points))]
    public async Task Silos_of_root_and_sites_that_die_leave_the_weights_as_they_are(string point)
    {
        var cell = TierFaultCell.All.Single(cell => cell.Point.Name == point);
        try
        {
            var result = await run.Run(
                HierarchyRun.Job(devices: 2), "--sites", "2", "--devices", "2", "--kill", string.Join(',', cell.Kills));

            Assert.Equal(run.Undisturbed.Weights, result.Weights);
            Assert.Equal(cell.Kills.Order(), result.Report.GetProperty("faults").EnumerateArray()
                .Select(fault => $"{fault.GetProperty("target")}@{fault.GetProperty("round")}:{fault.GetProperty("phase")}").Order());
            FaultMatrixPage.Wanted?.Add(cell.Point, $"{result.Report.GetProperty("seconds").GetDouble():0} s");
        }
        catch (Exception)
        {
            FaultMatrixPage.Wanted?.Add(cell.Point, "**failed**");
            throw;
        }
    }
}
