using System.Globalization;
using OrleansEdge.Grains.Retention.Marking;

namespace OrleansEdge.Grains.Tests.Retention.Marking;

public sealed class VersionRetentionTests
{
    [Theory]
    [InlineData("", null, "", "", "5:Head 4:Recent 3:Recent 2:Recent 1:Recent")]
    [InlineData("1", null, "", "", "5:Head")]
    [InlineData("2", null, "1", "", "5:Head 4:Recent 1:Promoted")]
    [InlineData("1", null, "5 2", "3 5", "5:Head 3:InUse 2:Promoted")]
    [InlineData("1", RetentionMetric.Accuracy, "", "", "5:Head 3:Best")]
    [InlineData("1", RetentionMetric.Loss, "", "", "5:Head 2:Best")]
    [InlineData("9", RetentionMetric.Loss, "", "", "5:Head 4:Recent 3:Recent 2:Best 1:Recent")]
    public void Kept_are_the_newest_the_promoted_those_in_use_and_the_best(
        string keepLast, RetentionMetric? keepBest, string promoted, string inUse, string kept)
    {
        // Version 1 is better than all and was not measured; 3 and 2 are equally accurate.
        MeasuredVersion[] versions = [new(2, 0.8, 0.4), new(1, double.NaN, double.NaN), new(5, 0.7, 0.9), new(3, 0.8, 0.5), new(4)];

        var decision = VersionRetention.Decide(
            new(keepLast.Length == 0 ? null : int.Parse(keepLast, CultureInfo.InvariantCulture), keepBest), versions, Numbers(promoted), Numbers(inUse));

        var expected = kept.Split(' ');
        Assert.Equal(
            expected.Select(text => (int.Parse(text.Split(':')[0], CultureInfo.InvariantCulture), Enum.Parse<KeepReason>(text.Split(':')[1]))),
            decision.Kept.Select(version => (version.Number, version.Reason)));
        Assert.Equal([5, 4, 3, 2, 1], decision.Kept.Select(version => version.Number).Concat(decision.Pruned).OrderDescending());
    }

    [Fact]
    public void A_model_without_versions_has_nothing_to_prune()
    {
        var decision = VersionRetention.Decide(new(1, RetentionMetric.Accuracy), [], Numbers(""), Numbers(""));
        Assert.Empty(decision.Kept);
        Assert.Empty(decision.Pruned);
    }

    private static HashSet<int> Numbers(string text) =>
        [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(number => int.Parse(number, CultureInfo.InvariantCulture))];
}
