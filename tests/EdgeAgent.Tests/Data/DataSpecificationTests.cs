using OrleansEdge.Contracts.Data;
using OrleansEdge.EdgeAgent.Data;

namespace OrleansEdge.EdgeAgent.Tests.Data;

public sealed class DataSpecificationTests
{
    public static TheoryData<string, object> Valid => new()
    {
        { "mnist", new DataSpecification { Kind = DataKind.Mnist } },
        { "mnist:../data/mnist?first=6000", new DataSpecification { Kind = DataKind.Mnist, Path = "../data/mnist", First = 6000 } },
        { "generated", new DataSpecification { Kind = DataKind.Generated, Examples = 6000 } },
        { "generated:600?seed=9", new DataSpecification { Kind = DataKind.Generated, Examples = 600, Seed = 9 } },
        {
            "csv:C:\\data\\50%.csv?label=a%26b&test=t.csv&kind=regression",
            new DataSpecification { Kind = DataKind.Csv, Path = "C:\\data\\50%.csv", Label = "a&b", TestPath = "t.csv", TaskKind = TaskKind.Regression }
        },
    };

    [Theory]
    [MemberData(nameof(Valid))]
    public void Parse_reads_each_form(string text, object expected) => Assert.Equal(expected, DataSpecification.Parse(text));

    [Theory]
    [InlineData("", "is no kind of data")]
    [InlineData("cifar:folder", "'cifar:folder' is no kind of data")]
    [InlineData("mnist:", "name nothing after the colon")]
    [InlineData("csv", "write csv:FILE?label=COLUMN")]
    [InlineData("csv:file.csv", "which column is predicted")]
    [InlineData("csv:file.csv?label=", "'label' of the data 'csv:file.csv?label=' has no value")]
    [InlineData("csv:file.csv?label", "has no value")]
    [InlineData("csv:file.csv?label=a&label=b", "twice")]
    [InlineData("csv:file.csv?label=a&kind=ranking", "use classification or regression")]
    [InlineData("csv:file.csv?label=a&colour=b", "unknown option 'colour': csv takes label, test, kind and first")]
    [InlineData("mnist?label=a", "unknown option 'label': mnist takes first")]
    [InlineData("generated?test=a", "unknown option 'test'")]
    [InlineData("generated:0", "use a whole number from 1")]
    [InlineData("generated:many", "use a whole number from 1")]
    [InlineData("generated:99999999", "use a whole number from 1")]
    [InlineData("generated?first=-1", "use a whole number from 1")]
    [InlineData("generated?seed=x", "use a whole number from 0")]
    public void Parse_says_what_is_wrong_and_what_is_allowed(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<DataException>(() => DataSpecification.Parse(text)).Message, StringComparison.Ordinal);
}
