using OrleansEdge.Contracts.Data;
using OrleansEdge.EdgeAgent.Data;
using OrleansEdge.EdgeAgent.Data.Splits;

namespace OrleansEdge.EdgeAgent.Tests.Data.Csv;

public sealed class CsvDataSourceTests : IDisposable
{
    private static readonly TaskDescription Regression =
        new(TaskKind.Regression, [2], [], ["a", "b"], new Standardisation([2, 10], [0.5, 4], 100, 20));

    private static readonly TaskDescription Classification = Regression with { Kind = TaskKind.Classification, Labels = ["u", "v"] };

    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Describe_returns_counts_sums_and_sums_of_squares_with_the_target_last()
    {
        var summary = (await OpenAsync("a,b,y\n1,10,0.5\n2,20,1.5\n4,30,2.5\n")).Describe(0);
        Assert.Equal(TaskKind.Regression, summary.Kind);
        Assert.Equal(3, summary.Examples);
        Assert.Equal([2], summary.InputShape);
        Assert.Equal(["a", "b"], summary.Features);
        Assert.Equal([7.0, 60.0, 4.5], summary.Sums);
        Assert.Equal([21.0, 1400.0, 8.75], summary.SumsOfSquares);
    }

    [Fact]
    public async Task Describe_of_classes_has_no_target_sum_and_lists_the_classes()
    {
        var summary = (await OpenAsync("a,b,y\n1,10,v\n2,20,u\n")).Describe(0);
        Assert.Equal(["u", "v"], summary.Labels);
        Assert.Equal([3.0, 30.0], summary.Sums);
    }

    [Fact]
    public async Task Describe_covers_only_what_is_trained_on()
    {
        var source = await OpenAsync("a,b,y\n" + string.Concat(Enumerable.Range(0, 10).Select(row => $"{1 << row},0,u\n")));
        var summary = source.Describe(0.3);
        var parts = source.Open(Classification with { Standardisation = new Standardisation([0, 0], [1, 1], 0, 1) }, 0.3);
        Assert.Equal((7, 7, 3), ((int)summary.Examples, parts.Train.Count, parts.HeldOut.Count));
        Assert.Equal(summary.Sums[0], Inputs(parts.Train).Where((_, index) => index % 2 == 0).Sum());
        Assert.Equal(1023f, Inputs(parts.Train).Sum() + Inputs(parts.HeldOut).Sum());
    }

    [Fact]
    public async Task Inputs_and_regression_targets_are_standardised()
    {
        var parts = (await OpenAsync("a,b,y\n1,10,110.0\n2.5,20,80\n")).Open(Regression, 0);
        Assert.Equal([-2f, 0f, 1f, 2.5f], Inputs(parts.Train));
        Assert.Equal([0.5f, -1f], Targets(parts.Train));
        Assert.Equal(0, parts.Test.Count);
    }

    [Fact]
    public async Task Classes_are_indices_in_the_tasks_labels()
    {
        var parts = (await OpenAsync("a,b,y\n1,1,v\n1,1,u\n1,1,v\n")).Open(Classification with { Labels = ["t", "u", "v"] }, 0);
        Assert.Equal([2f, 1f, 2f], Targets(parts.Train));
    }

    [Fact]
    public async Task A_test_file_is_the_test_set_and_stays_whole_when_split()
    {
        var test = folder.Write("test data.csv", "a,b,y\n2,10,v\n3,14,u\n");
        var train = folder.Write("train.csv", "a,b,y\n" + string.Concat(Enumerable.Range(0, 10).Select(row => $"{row},0,{"uv"[row % 2]}\n")));
        var specification = DataSpecification.Parse($"csv:{train}?label=y&test={Uri.EscapeDataString(test)}");
        var assignment = new DataAssignment(SplitSpecification.Iid, new Part(2, 3), 5);
        var source = await TestSources.Factory().OpenAsync(specification, assignment, TestContext.Current.CancellationToken);
        var parts = source.Open(Classification, 0);
        Assert.Equal((3, 2), (parts.Train.Count, parts.Test.Count));
        Assert.Equal([0f, 0f, 2f, 1f], Inputs(parts.Test));
        Assert.Equal([1f, 0f], Targets(parts.Test));
    }

    [Fact]
    public async Task A_label_never_seen_is_named_with_its_line()
    {
        var source = await OpenAsync("a,b,y\n1,1,u\n1,1,w\n");
        Assert.Contains("Line 3 of", Fault(source, Classification), StringComparison.Ordinal);
        Assert.Contains("'w'", Fault(source, Classification), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_label_that_only_the_test_file_has_is_refused()
    {
        var test = folder.Write("test.csv", "a,b,y\n1,1,u\n1,1,w\n");
        var source = await OpenAsync("a,b,y\n1,1,u\n1,1,v\n", $"&test={test}");
        Assert.Equal(["u", "v"], source.Describe(0).Labels);
        Assert.Contains("test.csv', column 'y', holds the label 'w'", Fault(source, Classification), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_features_than_the_tasks_are_named()
    {
        Assert.Contains("the file lacks b, and the job does not know c", Fault(await OpenAsync("a,c,y\n1,1,u\n"), Classification), StringComparison.Ordinal);
        Assert.Contains("in another order", Fault(await OpenAsync("b,a,y\n1,1,u\n"), Classification), StringComparison.Ordinal);
        Assert.Contains("the job does not know c", Fault(await OpenAsync("a,b,c,y\n1,1,1,u\n"), Classification), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_kind_or_missing_constants_are_refused()
    {
        var source = await OpenAsync("a,b,y\n1,1,u\n");
        Assert.Contains("kind=regression", Fault(source, Regression), StringComparison.Ordinal);
        Assert.Contains("standardisation", Fault(source, Classification with { Standardisation = null }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_header_in_the_test_file_is_refused()
    {
        var test = folder.Write("test.csv", "a,c,y\n1,1,u\n");
        var fault = await Assert.ThrowsAsync<DataException>(() => OpenAsync("a,b,y\n1,1,u\n", $"&test={test}"));
        Assert.Contains("test.csv", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Splitting_regression_by_class_is_refused()
    {
        var file = folder.Write("data.csv", "a,b,y\n1,1,0.5\n1,1,1.5\n");
        var assignment = new DataAssignment(SplitSpecification.Parse("classes:2"), new Part(1, 1));
        var fault = await Assert.ThrowsAsync<DataException>(() => TestSources.Factory().OpenAsync(
            DataSpecification.Parse($"csv:{file}?label=y"), assignment, TestContext.Current.CancellationToken));
        Assert.Contains("regression", fault.Message, StringComparison.Ordinal);
    }

    private static float[] Inputs(IExamples examples)
    {
        var inputs = new float[examples.Count * examples.InputLength];
        examples.ReadInputs([.. Enumerable.Range(0, examples.Count)], inputs);
        return inputs;
    }

    private static float[] Targets(IExamples examples)
    {
        var targets = new float[examples.Count];
        examples.ReadTargets([.. Enumerable.Range(0, examples.Count)], targets);
        return targets;
    }

    private static string Fault(IDataSource source, TaskDescription task) => Assert.Throws<DataException>(() => source.Open(task, 0)).Message;

    private Task<IDataSource> OpenAsync(string text, string options = "") => TestSources.Factory().OpenAsync(
        DataSpecification.Parse($"csv:{folder.Write("data.csv", text)}?label=y{options}"), null, TestContext.Current.CancellationToken);
}
