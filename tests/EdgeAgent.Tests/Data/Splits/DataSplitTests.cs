using OrleansEdge.EdgeAgent.Data;
using OrleansEdge.EdgeAgent.Data.Splits;

namespace OrleansEdge.EdgeAgent.Tests.Data.Splits;

public sealed class DataSplitTests
{
    private static readonly int[] Classes = [.. Enumerable.Range(0, 2000).Select(index => index * 7 % 10)];

    public static TheoryData<string, int> Splits => new()
    {
        { "iid", 1 }, { "iid", 7 }, { "iid", 2000 },
        { "dirichlet:0.001", 100 }, { "dirichlet:0.1", 10 }, { "dirichlet:100", 3 }, { "dirichlet:0.5", 2000 },
        { "classes:1", 10 }, { "classes:2", 100 }, { "classes:3", 7 },
    };

    [Theory]
    [MemberData(nameof(Splits))]
    public void Parts_are_disjoint_not_empty_and_cover_everything(string split, int parts)
    {
        var divided = Divide(split, parts, 7);
        Assert.Equal(parts, divided.Length);
        Assert.All(divided, part => Assert.NotEmpty(part));
        Assert.Equal(Enumerable.Range(0, Classes.Length), divided.SelectMany(part => part).Order());
    }

    [Theory]
    [InlineData("iid")]
    [InlineData("dirichlet:0.5")]
    [InlineData("classes:2")]
    public void The_same_seed_gives_the_same_parts_and_another_seed_others(string split)
    {
        Assert.Equal(Divide(split, 10, 7), Divide(split, 10, 7));
        Assert.NotEqual(Divide(split, 10, 7), Divide(split, 10, 8));
    }

    [Theory]
    [InlineData("iid", 13509684536931254081UL)]
    [InlineData("dirichlet:0.1", 8319625625428526673UL)]
    [InlineData("classes:2", 121251730630581051UL)]
    public void The_parts_of_a_seed_never_change(string split, ulong expected)
    {
        var hash = 14695981039346656037UL;
        foreach (var index in Divide(split, 10, 7).SelectMany(part => part.Append(-1)))
        {
            hash = (hash ^ (uint)index) * 1099511628211UL;
        }

        Assert.Equal(expected, hash);
    }

    [Fact]
    public void Iid_parts_differ_by_one_example_at_most()
    {
        var sizes = Divide("iid", 7, 1).Select(part => part.Length).ToArray();
        Assert.InRange(sizes.Max() - sizes.Min(), 0, 1);
    }

    [Fact]
    public void Classes_gives_each_part_about_so_many_classes_and_equal_sizes()
    {
        foreach (var part in Divide("classes:2", 10, 1))
        {
            Assert.Equal(200, part.Length);
            Assert.InRange(part.Select(index => Classes[index]).Distinct().Count(), 1, 2);
        }
    }

    [Fact]
    public void Dirichlet_is_more_unequal_the_smaller_alpha_is()
    {
        Assert.InRange(LargestShare("dirichlet:0.05"), 0.5, 1.0);
        Assert.InRange(LargestShare("dirichlet:1000"), 0.09, 0.2);

        // The mean over the parts of the share of the most frequent class.
        static double LargestShare(string split) => Divide(split, 10, 3)
            .Average(part => part.GroupBy(index => Classes[index]).Max(group => group.Count()) / (double)part.Length);
    }

    [Fact]
    public void Dividing_by_class_without_classes_is_refused()
    {
        var message = Assert.Throws<DataException>(() => DataSplit.Divide(SplitSpecification.Parse("classes:2"), 100, [], 10, 1)).Message;
        Assert.Contains("regression", message, StringComparison.Ordinal);
        Assert.Throws<DataException>(() => DataSplit.Divide(SplitSpecification.Parse("dirichlet:1"), 100, [], 10, 1));
        Assert.Equal(10, DataSplit.Divide(SplitSpecification.Iid, 100, [], 10, 1).Length);
    }

    [Theory]
    [InlineData("iid", 2001)]
    [InlineData("classes:3", 1000)]
    public void More_devices_than_examples_are_refused(string split, int parts) =>
        Assert.Contains("2000", Assert.Throws<DataException>(() => Divide(split, parts, 1)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("iid")]
    [InlineData("dirichlet:0.1")]
    [InlineData("classes:2")]
    public void A_split_reads_what_it_writes(string text) => Assert.Equal(text, SplitSpecification.Parse(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("iid:2")]
    [InlineData("dirichlet")]
    [InlineData("dirichlet:0")]
    [InlineData("dirichlet:-1")]
    [InlineData("dirichlet:NaN")]
    [InlineData("classes:0")]
    [InlineData("classes:1.5")]
    [InlineData("random")]
    public void Another_split_is_refused(string text) => Assert.Throws<DataException>(() => SplitSpecification.Parse(text));

    [Theory]
    [InlineData("0/10")]
    [InlineData("11/10")]
    [InlineData("3")]
    [InlineData("/3")]
    [InlineData("-1/3")]
    [InlineData("1/1000000000")]
    public void Another_part_is_refused(string text) =>
        Assert.Contains("such as 3/10", Assert.Throws<DataException>(() => Part.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_part_is_read() => Assert.Equal(new Part(3, 10), Part.Parse("3/10"));

    [Theory]
    [InlineData(100, 0.2, 80, 20)]
    [InlineData(100, 0.0, 100, 0)]
    [InlineData(1, 0.9, 1, 0)]
    [InlineData(3, 0.99, 1, 2)]
    public void The_held_out_part_is_disjoint_and_the_same_every_time(int count, double share, int trained, int heldOut)
    {
        var parts = HeldOutSplit.Divide(count, share);
        Assert.Equal((trained, heldOut), (parts.Train.Length, parts.HeldOut.Length));
        Assert.Equal(Enumerable.Range(0, count), parts.Train.Concat(parts.HeldOut).Order());
        Assert.Equal(parts.HeldOut, HeldOutSplit.Divide(count, share).HeldOut);
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(-0.1)]
    [InlineData(double.NaN)]
    public void A_share_outside_its_range_is_refused(double share) => Assert.Throws<DataException>(() => HeldOutSplit.Divide(10, share));

    private static int[][] Divide(string split, int parts, ulong seed) =>
        DataSplit.Divide(SplitSpecification.Parse(split), Classes.Length, Classes, parts, seed);
}
