using OrleansEdge.EdgeAgent.Data;
using OrleansEdge.EdgeAgent.Data.Images;

namespace OrleansEdge.EdgeAgent.Tests.Data.Images;

public sealed class IdxReaderTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Read_returns_sizes_and_elements_by_content_not_by_name(bool gzipped)
    {
        var bytes = IdxBytes.Images(3);
        var (sizes, elements) = Read(gzipped ? IdxBytes.Gzip(bytes) : bytes, 3);
        Assert.Equal([3, 28, 28], sizes);
        Assert.Equal(bytes[16..], elements);
    }

    [Fact]
    public void Read_of_more_than_the_first_buffer_returns_all()
    {
        var bytes = IdxBytes.Images(3000);
        Assert.Equal(bytes[16..], Read(IdxBytes.Gzip(bytes), 3).Elements);
    }

    [Fact]
    public void Read_of_the_first_images_verifies_the_rest_all_the_same()
    {
        var bytes = IdxBytes.Images(5);
        using var whole = new MemoryStream(bytes);
        var (sizes, elements) = IdxReader.Read(whole, "images", 3, first: 2);
        Assert.Equal([5, 28, 28], sizes);
        Assert.Equal(bytes[16..(16 + (2 * 784))], elements);
        using var truncated = new MemoryStream(bytes[..^1]);
        Assert.Throws<DataException>(() => IdxReader.Read(truncated, "images", 3, first: 2));
    }

    [Theory]
    [InlineData(0, "ends too early, in its header")]
    [InlineData(3, "ends too early, in its header")]
    [InlineData(10, "ends too early, in its header")]
    [InlineData(16, "ends too early, after 0 of the 2352 bytes")]
    [InlineData(2000, "ends too early, after 1984 of the 2352 bytes")]
    public void Read_of_a_truncated_file_says_where_it_ends(int length, string expected)
    {
        var fault = Assert.Throws<DataException>(() => Read(IdxBytes.Images(3)[..length], 3));
        Assert.Contains("'images'", fault.Message, StringComparison.Ordinal);
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_of_a_truncated_gzip_file_fails()
    {
        var packed = IdxBytes.Gzip(IdxBytes.Images(3));
        var fault = Assert.Throws<DataException>(() => Read(packed[..(packed.Length / 2)], 3));
        Assert.Contains("'images'", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_of_a_damaged_gzip_file_says_so()
    {
        var packed = IdxBytes.Gzip(IdxBytes.Images(3));
        packed[^6] ^= 1;
        Assert.Contains("damaged gzip", Assert.Throws<DataException>(() => Read(packed, 3)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_of_labels_as_images_names_both_numbers() => Assert.Contains(
        "begins with the number 2049 instead of 2051", Assert.Throws<DataException>(() => Read(IdxBytes.Labels(1, 2), 3)).Message, StringComparison.Ordinal);

    [Fact]
    public void Read_of_a_longer_file_than_announced_says_so() => Assert.Contains(
        "goes on after the 1568 bytes", Assert.Throws<DataException>(() => Read(IdxBytes.Images(3, declared: 2), 3)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(-5)]
    [InlineData(0)]
    [InlineData(int.MaxValue)]
    public void Read_of_an_impossible_count_allocates_nothing(int count) => Assert.Contains(
        "impossible", Assert.Throws<DataException>(() => Read(IdxBytes.Make([count, 28, 28], new byte[784]), 3)).Message, StringComparison.Ordinal);

    [Fact]
    public void Read_of_more_items_than_can_be_read_allocates_nothing()
    {
        var labels = IdxBytes.Gzip(IdxBytes.Make([IdxReader.MaximumItems + 1], new byte[IdxReader.MaximumItems + 1]));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("at most 1000000 can be read", Assert.Throws<DataException>(() => Read(labels, 1)).Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 512 << 10);
    }

    [Fact]
    public void Read_of_a_large_announced_count_allocates_only_what_arrives()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<DataException>(() => Read(IdxBytes.Make([900_000, 28, 28], new byte[784]), 3));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8 << 20);
    }

    private static (int[] Sizes, byte[] Elements) Read(byte[] bytes, int dimensionCount)
    {
        using var stream = new MemoryStream(bytes);
        return IdxReader.Read(stream, "images", dimensionCount);
    }
}
