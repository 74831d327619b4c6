using System.Collections.Immutable;
using OrleansEdge.Contracts.Data;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Grains.Data;

namespace OrleansEdge.Grains.Tests.Data;

public class StandardisationFoldTests
{
    private static readonly DataSummary Images = new(TaskKind.Classification, [1, 28, 28], ["1", "0"], [], 100, [], []);

    [Fact]
    public void Combine_of_tables_gives_the_constants_of_all_rows_together()
    {
        double[][] rows = [[1, 10, 7], [2, 20, 7], [6, -30, 7], [3, 5, 7], [0, 0, 7]];
        var task = Fold(("b", Table(rows[..2], TaskKind.Regression)), ("a", Table(rows[2..], TaskKind.Regression)));
        var constants = Assert.IsType<Standardisation>(task.Standardisation);
        Assert.Equal(2.4, constants.Means[0], 1e-14);
        Assert.Equal(1.0, constants.Means[1], 1e-14);
        Assert.Equal(Math.Sqrt(10 - 2.4 * 2.4), constants.Deviations[0], 1e-14);
        Assert.Equal(Math.Sqrt(284), constants.Deviations[1], 1e-12);
        Assert.Equal(7, constants.TargetMean);
        Assert.Equal(1, constants.TargetDeviation);
        Assert.Equal(["f0", "f1"], task.Features);
        Assert.Empty(task.Labels);
        Assert.Equal(1, task.Outputs);
    }

    [Fact]
    public void Combine_of_a_constant_feature_gives_a_deviation_of_one()
    {
        var rows = Enumerable.Repeat(new[] { 0.1, 1e12 + 0.3, 0 }, 7).ToArray();
        var task = Fold(("a", Table(rows, TaskKind.Classification)), ("b", Table(rows[..3], TaskKind.Classification)));
        Assert.Equal([1.0, 1.0, 1.0], task.Standardisation!.Deviations);
        Assert.Equal(0.1, task.Standardisation.Means[0], 1e-15);
        Assert.Equal(0, task.Standardisation.TargetMean);
        Assert.Equal(1, task.Standardisation.TargetDeviation);
    }

    [Fact]
    public void Combine_of_values_far_from_zero_keeps_their_deviation()
    {
        // Two sites, each constant, a million apart by two: the deviation is 1 although the squares are 10¹².
        var task = Fold(
            ("a", Table([.. Enumerable.Repeat(new[] { 1_000_000.0 }, 50)], TaskKind.Classification)),
            ("b", Table([.. Enumerable.Repeat(new[] { 1_000_002.0 }, 50)], TaskKind.Classification)));
        Assert.Equal(1_000_001, task.Standardisation!.Means[0], 1e-9);
        Assert.Equal(1, task.Standardisation.Deviations[0], 1e-6);
    }

    [Fact]
    public void Combine_in_any_order_of_arrival_gives_identical_constants()
    {
        var random = new Random(4);
        var parts = Enumerable.Range(0, 5).Select(index => ($"dev{index}", Table(
            [.. Enumerable.Range(0, 20 + index).Select(_ => new[] { random.NextDouble(), 1e6 * random.NextDouble() })],
            TaskKind.Regression))).ToArray();
        var expected = Fold(parts).Standardisation!;
        foreach (var order in new[] { parts.Reverse(), parts.OrderBy(part => part.Item2.Examples % 3) })
        {
            var constants = Fold([.. order]).Standardisation!;
            Assert.Equal(expected.Means, constants.Means);
            Assert.Equal(expected.Deviations, constants.Deviations);
            Assert.Equal(expected.TargetDeviation, constants.TargetDeviation);
        }
    }

    [Fact]
    public void Combine_of_a_participant_without_rows_changes_nothing()
    {
        var table = Table([[1], [3]], TaskKind.Classification);
        var task = Fold(("a", table with { Examples = 0, Sums = [0], SumsOfSquares = [0] }), ("b", table));
        Assert.Equal([2.0], task.Standardisation!.Means);
        Assert.Equal([1.0], task.Standardisation.Deviations);
    }

    [Theory]
    [InlineData("b,a", "c,B", "B,a,b,c")]
    [InlineData("10,9", "-1,9", "-1,9,10")]
    [InlineData("10,9", "x", "10,9,x")]
    [InlineData("1.0,1", "0.5", "0.5,1,1.0")]
    public void Combine_of_labels_gives_their_union_in_order(string here, string there, string expected)
    {
        var task = Fold(("a", Images with { Labels = Split(here) }), ("b", Images with { Labels = Split(there) }));
        Assert.Equal(Split(expected), task.Labels);
        Assert.Null(task.Standardisation);
        Assert.Equal([1, 28, 28], task.InputShape);

        static ImmutableArray<string> Split(string text) => [.. text.Split(',')];
    }

    [Fact]
    public void Combine_of_data_that_differ_names_the_participant_and_the_difference()
    {
        var table = Table([[1, 2]], TaskKind.Classification);
        CheckDifference(Images with { InputShape = [3, 32, 32] }, Images,
            "participant site/b has examples of shape [3, 32, 32]", "of a has [1, 28, 28]");
        CheckDifference(Table([[1, 2]], TaskKind.Regression), table, "of participant site/b is for regression", "that of a is for classification");
        CheckDifference(table with { Features = ["f0", "speed"] }, table, "of participant site/b has 'speed' as feature 2", "that of a has 'f1'");
        CheckDifference(Table([[1, 2, 3]], TaskKind.Classification) with { InputShape = [2] }, table, "site/b has 3 features", "that of a has 2");

        static void CheckDifference(DataSummary other, DataSummary first, string here, string there)
        {
            var message = Failure(("site/b", other), ("a", first));
            Assert.Contains(here, message, StringComparison.Ordinal);
            Assert.Contains(there, message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Combine_of_a_summary_that_contradicts_itself_names_the_participant()
    {
        var table = Table([[1, 2]], TaskKind.Classification);
        Assert.Contains("Participant dev7", Failure(("dev7", table with { Sums = [1] })), StringComparison.Ordinal);
        Assert.Contains("Participant dev7", Failure(("dev7", table with { Sums = [1, double.NaN] })), StringComparison.Ordinal);
        Assert.Contains("Participant dev7", Failure(("dev7", table with { SumsOfSquares = [1, -4] })), StringComparison.Ordinal);
        Assert.Contains("Participant dev7", Failure(("dev7", table with { Examples = -1 })), StringComparison.Ordinal);
    }

    [Fact]
    public void Combine_of_nothing_is_refused()
    {
        Assert.Contains("No participant has described", Failure(), StringComparison.Ordinal);
        Assert.Contains("No participant holds an example", Failure(("a", Images with { Examples = 0 })), StringComparison.Ordinal);
        Assert.Contains("together is 1:", Failure(("a", Images with { Labels = ["cat"] })), StringComparison.Ordinal);
    }

    private static string Failure(params (string Id, DataSummary Summary)[] parts) =>
        Assert.Throws<DataSummaryException>(() => Fold(parts)).Message;

    private static TaskDescription Fold(params (string Id, DataSummary Summary)[] parts) =>
        StandardisationFold.Combine(parts.ToDictionary(part => ParticipantId.Parse(part.Id), part => part.Summary));

    /// <summary>A summary of rows; for regression the last column is the target.</summary>
    private static DataSummary Table(double[][] rows, TaskKind kind)
    {
        var columns = rows.Length == 0 ? 0 : rows[0].Length;
        var features = kind == TaskKind.Regression ? columns - 1 : columns;
        return new(
            kind,
            [features],
            kind == TaskKind.Regression ? [] : ["no", "yes"],
            [.. Enumerable.Range(0, features).Select(index => $"f{index}")],
            rows.Length,
            [.. Enumerable.Range(0, columns).Select(column => rows.Sum(row => row[column]))],
            [.. Enumerable.Range(0, columns).Select(column => rows.Sum(row => row[column] * row[column]))]);
    }
}
