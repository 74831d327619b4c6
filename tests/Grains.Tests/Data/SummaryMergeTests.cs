using OrleansEdge.Contracts.Data;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Grains.Data;

namespace OrleansEdge.Grains.Tests.Data;

public sealed class SummaryMergeTests
{
    [Fact]
    public void What_sites_say_of_their_devices_gives_the_same_task_as_the_devices_themselves()
    {
        Dictionary<ParticipantId, DataSummary> devices = new()
        {
            [Id("a")] = Table(["yes"], 2, [3, 40], [5, 900]),
            [Id("b")] = Table(["no", "yes"], 3, [-4, 10], [10, 50]),
            [Id("c")] = Table(["perhaps"], 0, [0, 0], [0, 0]),
            [Id("d")] = Table(["no"], 5, [10, 2], [30, 4]),
        };
        Dictionary<ParticipantId, DataSummary> sites = new()
        {
            [Id("harbour")] = SummaryMerge.Merge(devices.Take(2).ToDictionary()),
            [Id("quarry")] = SummaryMerge.Merge(devices.Skip(2).ToDictionary()),
        };

        var (flat, tree) = (StandardisationFold.Combine(devices), StandardisationFold.Combine(sites));

        Assert.Equal(10, sites.Values.Sum(site => site.Examples));
        Assert.Equal(flat.Labels, tree.Labels);
        Assert.Equal(["no", "perhaps", "yes"], tree.Labels);
        for (var feature = 0; feature < 2; feature++)
        {
            Assert.Equal(flat.Standardisation!.Means[feature], tree.Standardisation!.Means[feature], 1e-14);
            Assert.Equal(flat.Standardisation.Deviations[feature], tree.Standardisation.Deviations[feature], 1e-13);
        }
    }

    [Fact]
    public void Data_of_two_forms_name_the_participant()
    {
        Dictionary<ParticipantId, DataSummary> devices = new() { [Id("a")] = Table(["x"], 1, [1, 1], [1, 1]), [Id("b")] = Table(["x"], 1, [1], [1]) };
        Assert.Contains("participant b", Assert.Throws<DataSummaryException>(() => SummaryMerge.Merge(devices)).Message, StringComparison.Ordinal);
    }

    private static ParticipantId Id(string text) => ParticipantId.Parse(text);

    private static DataSummary Table(string[] labels, long examples, double[] sums, double[] squares) => new(
        TaskKind.Classification, [sums.Length], [.. labels], [.. sums.Select((_, index) => $"f{index}")], examples, [.. sums], [.. squares]);
}
