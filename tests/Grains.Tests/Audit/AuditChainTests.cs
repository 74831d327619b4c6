using OrleansEdge.Grains.Audit;

namespace OrleansEdge.Grains.Tests.Audit;

public sealed class AuditChainTests
{
    private const int Length = 6;

    private static readonly List<byte[]> Whole = Blocks(Length, "stop");

    public static TheoryData<int> Inner => [.. Enumerable.Range(1, Length - 1)];

    [Fact]
    public void A_chain_that_nobody_touched_is_whole()
    {
        var examination = Examine(Whole.Select((bytes, index) => (index + 1L, bytes)), Head(Whole, 4), Head(Whole, Length));

        Assert.Empty(examination.Faults);
        Assert.Equal(Head(Whole, Length), examination.Head);
        Assert.Equal(Length, examination.Records);
    }

    [Fact]
    public void An_empty_chain_is_whole() => Assert.Empty(Examine([]).Faults);

    [Theory]
    [MemberData(nameof(Inner))]
    public void Every_changed_byte_before_the_last_block_is_found(int sequence)
    {
        for (var offset = 0; offset < Whole[sequence - 1].Length; offset++)
        {
            var blocks = Whole.Select(bytes => bytes.ToArray()).ToList();
            blocks[sequence - 1][offset] ^= 1;

            Assert.NotEmpty(Examine(blocks.Select((bytes, index) => (index + 1L, bytes))).Faults);
        }
    }

    [Theory]
    [MemberData(nameof(Inner))]
    public void A_block_that_is_left_out_is_found(int sequence) => Assert.Contains(
        Examine(Whole.Select((bytes, index) => (Place: index + 1L, bytes)).Where(block => block.Place != sequence)).Faults,
        fault => fault == $"block {sequence} is missing.");

    [Theory]
    [MemberData(nameof(Inner))]
    public void Two_blocks_that_changed_places_are_found(int sequence)
    {
        var blocks = Whole.ToList();
        (blocks[sequence - 1], blocks[sequence]) = (blocks[sequence], blocks[sequence - 1]);

        Assert.Contains(
            Examine(blocks.Select((bytes, index) => (index + 1L, bytes))).Faults,
            fault => fault == $"block {sequence} is in the place of block {sequence + 1}.");
    }

    [Fact]
    public void A_chain_that_was_written_anew_is_found_by_whoever_remembers_the_old_one()
    {
        var forged = Blocks(Length, "pause");
        var blocks = forged.Select((bytes, index) => (index + 1L, bytes)).ToList();

        Assert.Empty(Examine(blocks).Faults);
        Assert.Contains(Examine(blocks, Head(Whole, 4)).Faults, fault => fault.StartsWith("block 4 is not the one that was remembered", StringComparison.Ordinal));
    }

    [Fact]
    public void An_end_that_was_cut_off_is_found_only_by_whoever_remembers_it()
    {
        var blocks = Whole.Take(4).Select((bytes, index) => (index + 1L, bytes)).ToList();

        Assert.Empty(Examine(blocks).Faults);
        Assert.Equal("the chain ends with block 4, and block 6 is remembered: its end was cut off.", Assert.Single(Examine(blocks, Head(Whole, 6)).Faults));
        Assert.Single(Examine([], Head(Whole, 6)).Faults);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"sequence":1,"previous":null,"records":[]}""")]
    [InlineData("""{"sequence":1,"previous":"0","records":[null]}""")]
    [InlineData("""{"sequence":1,"previous":"0","records":[{"at":"2026-01-01T00:00:00+00:00","entry":{"who":null,"what":"x","outcome":"Done"}}]}""")]
    [InlineData("""{"sequence":1,"previous":"0","records":[{"at":"yesterday"}]}""")]
    public void A_block_that_is_none_is_a_fault_and_no_exception(string text) =>
        Assert.Equal("block 1 cannot be read.", Assert.Single(Examine([(1, System.Text.Encoding.UTF8.GetBytes(text))]).Faults));

    internal static List<byte[]> Blocks(int count, string what)
    {
        var blocks = new List<byte[]>();
        var head = AuditHead.Empty;
        for (var sequence = 1; sequence <= count; sequence++)
        {
            var record = new AuditRecord(new(2026, 1, sequence, 0, 0, 0, TimeSpan.Zero), new("ada", what, AuditOutcome.Done, $"job{sequence}"));
            blocks.Add(new AuditBlock(sequence, head.Hash, [record]).ToBytes());
            head = AuditHead.After(sequence, blocks[^1]);
        }

        return blocks;
    }

    private static AuditHead Head(List<byte[]> blocks, int sequence) => AuditHead.After(sequence, blocks[sequence - 1]);

    private static AuditExamination Examine(IEnumerable<(long Sequence, byte[] Bytes)> blocks, params AuditHead[] remembered)
    {
        var chain = new AuditChain(remembered);
        foreach (var (sequence, bytes) in blocks)
        {
            chain.Add(sequence, bytes);
        }

        return chain.End();
    }
}
