using OrleansEdge.Contracts.Data;
using OrleansEdge.EdgeAgent.Data;
using OrleansEdge.EdgeAgent.Data.Csv;

namespace OrleansEdge.EdgeAgent.Tests.Data.Csv;

public sealed class CsvReaderTests
{
    [Fact]
    public void Quoted_values_may_hold_commas_quotes_and_line_ends()
    {
        var table = Read("\uFEFFa,\"b, \"\"c\"\"\",y\r\n 1 ,\"2\",\"x\ny\"\r\n\r\n3,4,\"x, y\"");
        Assert.Equal(["a", "b, \"c\""], table.Features);
        Assert.Equal([1f, 2f, 3f, 4f], table.Values);
        Assert.Equal(["x\ny", "x, y"], table.Labels);
        Assert.Equal([0f, 1f], table.Targets);
        Assert.Equal([2L, 5L], table.LabelLines);
    }

    [Fact]
    public void The_label_may_be_any_column()
    {
        var table = Read("a,y,b\n1,u,2\n3,v,4\n");
        Assert.Equal(["a", "b"], table.Features);
        Assert.Equal([3f, 4f], table.Row(1).ToArray());
    }

    [Fact]
    public void Numeric_classes_are_in_numeric_order_and_texts_in_ordinal_order()
    {
        Assert.Equal(["-1", "2", "10"], Read("a,y\n0,10\n0,2\n0,-1\n").Labels);
        Assert.Equal([2f, 1f, 0f], Read("a,y\n0,10\n0,2\n0,-1\n").Targets);
        Assert.Equal(["10", "B", "a"], Read("a,y\n0,a\n0,B\n0,10\n").Labels);
    }

    [Theory]
    [InlineData("1", "2", null, TaskKind.Classification)]
    [InlineData("1", "2.0", null, TaskKind.Regression)]
    [InlineData("1", "2e0", null, TaskKind.Regression)]
    [InlineData("1", "2", TaskKind.Regression, TaskKind.Regression)]
    [InlineData("1.5", "2.5", TaskKind.Classification, TaskKind.Classification)]
    [InlineData("low", "high", null, TaskKind.Classification)]
    public void The_label_column_decides_the_kind_unless_it_is_given(string first, string second, TaskKind? given, TaskKind expected) =>
        Assert.Equal(expected, Read($"a,y\n0,{first}\n0,{second}\n", given).Kind);

    [Theory]
    [InlineData(20, TaskKind.Classification)]
    [InlineData(21, TaskKind.Regression)]
    public void More_than_twenty_integers_are_regression(int different, TaskKind expected)
    {
        var table = Read("a,y\n" + string.Concat(Enumerable.Range(0, 60).Select(row => $"0,{row % different}\n")));
        Assert.Equal(expected, table.Kind);
        Assert.Equal(60, table.Targets.Length);
        Assert.Equal(different - 1, (int)table.Targets.Max());
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("\n\n", "is empty")]
    [InlineData("a,y\n", "has a header but no rows")]
    [InlineData("1,2\n3,4\n", "no header")]
    [InlineData("a,a,y\n1,2,3\n", "names the column 'a' twice")]
    [InlineData("a,,y\n1,2,3\n", "gives column 2 no name")]
    [InlineData("a,b\n1,2\n", "has no column 'y' to predict: name one of its columns a, b")]
    [InlineData("y\n1\n", "has only the column 'y'")]
    [InlineData("a,b,y\n1,2,u\n1,,u\n", "Line 3 of 'file.csv', column 'b', has no value")]
    [InlineData("a,b,y\n1,2,u\n1,2,\n", "Line 3 of 'file.csv', column 'y', has no value")]
    [InlineData("a,b,y\n1,2,u\n1,hot,u\n", "Line 3 of 'file.csv', column 'b', holds 'hot', which is not a number")]
    [InlineData("a,b,y\n1,NaN,u\n", "Line 2 of 'file.csv', column 'b', holds 'NaN', which is not a finite")]
    [InlineData("a,b,y\n1,-Infinity,u\n", "column 'b', holds '-Infinity', which is not a finite")]
    [InlineData("a,b,y\n1,1e39,u\n", "column 'b', holds '1e39', which is not a finite")]
    [InlineData("a,b,y\n1,2,1.5\n1,2,NaN\n", "Line 3 of 'file.csv', column 'y', holds 'NaN'")]
    [InlineData("a,b,y\n1,2,1.5\n1,2,high\n", "Line 3 of 'file.csv', column 'y', holds the text 'high'")]
    [InlineData("a,b,y\n1,2,high\n1,2,1.5\n", "Line 2 of 'file.csv', column 'y', holds the text 'high'")]
    [InlineData("a,b,y\n1,2\n", "Line 2 of 'file.csv' ends before column 'y'")]
    [InlineData("a,b,y\n1,2,u,4\n", "Line 2 of 'file.csv' goes on after the last column 'y'")]
    [InlineData("a,b,y\n1,\"2,u\n", "Line 2 of 'file.csv', column 2, has a quoted value that does not end")]
    [InlineData("a,b,y\n1,\"2\"3,u\n", "Line 2 of 'file.csv', column 2, has text after a closing quote")]
    [InlineData("a,b,y\n1,2\"3,u\n", "Line 2 of 'file.csv', column 2, has a quote inside")]
    public void A_fault_is_one_sentence_with_file_line_and_column(string text, string expected)
    {
        var message = Assert.Throws<DataException>(() => Read(text)).Message;
        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.Contains("file.csv", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void A_text_as_regression_label_is_named_where_the_kind_is_given() => Assert.Contains(
        "holds 'high', which is not a number",
        Assert.Throws<DataException>(() => Read("a,y\n1,high\n", TaskKind.Regression)).Message,
        StringComparison.Ordinal);

    [Fact]
    public void A_missing_file_and_a_folder_are_named()
    {
        using var folder = new TestFolder();
        var missing = Path.Combine(folder.Path, "none.csv");
        Assert.Contains("none.csv' does not exist", Fault(missing), StringComparison.Ordinal);
        Assert.Contains("is a folder", Fault(folder.Path), StringComparison.Ordinal);

        static string Fault(string path) => Assert.Throws<DataException>(() => CsvReader.Read(path, "y", null, null)).Message;
    }

    [Fact]
    public void An_endless_record_is_refused()
    {
        var text = "a,y\n1,\"" + new string('x', CsvRecordReader.MaximumRecordLength + 1);
        Assert.Contains("is longer than", Assert.Throws<DataException>(() => Read(text)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void First_limits_the_rows() => Assert.Equal(2, Read("a,y\n1,u\n2,u\nbad,u\n", first: 2).Count);

    private static CsvTable Read(string text, TaskKind? kind = null, int? first = null)
    {
        using var file = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text));
        using var reader = new StreamReader(file);
        return CsvReader.Read(reader, "file.csv", "y", kind, first);
    }
}
