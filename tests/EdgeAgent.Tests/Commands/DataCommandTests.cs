using System.CommandLine;
using System.Text.Json;
using OrleansEdge.EdgeAgent.Commands;
using OrleansEdge.EdgeAgent.Tests.Data;

namespace OrleansEdge.EdgeAgent.Tests.Commands;

public sealed class DataCommandTests
{
    [Fact]
    public async Task Describe_prints_who_holds_what_and_a_summary()
    {
        var (code, output, error) = await RunAsync("describe", "generated:300", "--split", "dirichlet:0.1", "--devices", "4", "--seed", "7");
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("4/4", output, StringComparison.Ordinal);
        Assert.Contains("300 training and 1,000 test examples", output, StringComparison.Ordinal);
        Assert.Contains("4 parts by dirichlet:0.1 with seed 7", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Describe_as_json_counts_the_classes_of_each_device()
    {
        var (code, output, _) = await RunAsync("describe", "generated:300", "--split", "classes:2", "--devices", "5", "--json");
        using var document = JsonDocument.Parse(output);
        var devices = document.RootElement.GetProperty("devices").EnumerateArray().ToArray();
        Assert.Equal(0, code);
        Assert.Equal(5, devices.Length);
        Assert.Equal("3/5", devices[2].GetProperty("part").GetString());
        Assert.Equal(300, devices.Sum(device => device.GetProperty("classes").EnumerateArray().Sum(count => count.GetInt32())));
    }

    [Fact]
    public async Task Describe_of_a_regression_file_counts_rows()
    {
        using var folder = new TestFolder();
        var file = folder.Write("wind[1].csv", "a,y\n1,0.5\n2,1.5\n3,2.5\n");
        var (code, output, error) = await RunAsync("describe", $"csv:{file}?label=y", "--devices", "3");
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("regression, inputs of shape [1], 3 training", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nonsense", "iid", "10", "is no kind of data")]
    [InlineData("generated:100", "half", "10", "is not a split")]
    [InlineData("generated:100", "iid", "0", "--devices is 0")]
    [InlineData("generated:100", "iid", "101", "cannot be split over 101 devices")]
    [InlineData("mnist:no-such-folder", "iid", "2", "does not exist")]
    public async Task Describe_of_bad_input_prints_one_sentence_and_exits_with_2(string data, string split, string devices, string expected)
    {
        var (code, output, error) = await RunAsync("describe", data, "--split", split, "--devices", devices);
        Assert.Equal((2, ""), (code, output));
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var configuration = new InvocationConfiguration { Output = output, Error = error };
        var code = await DataCommand.Create().Parse(arguments).InvokeAsync(configuration, TestContext.Current.CancellationToken);
        return (code, output.ToString(), error.ToString());
    }
}
