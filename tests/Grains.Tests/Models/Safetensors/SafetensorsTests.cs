using System.Runtime.InteropServices;
using System.Text;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Grains.Models.Safetensors;

namespace OrleansEdge.Grains.Tests.Models.Safetensors;

public sealed class SafetensorsTests
{
    private static readonly ModelLayout Layout = new(
    [
        new("a.weight", TensorType.Float32, [1, 3]),
        new("a.count", TensorType.Int64, []),
        new("b.weight", TensorType.Float32, [2]),
        new("b.empty", TensorType.Float32, [0, 4]),
    ]);

    private static readonly float[] Weights = [1, -2, 3.5f, 4, float.Epsilon];
    private static readonly long[] Integers = [0x0102030405060708];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task File_has_exactly_the_bytes_of_the_format()
    {
        const string Header = """{"__metadata__":{"job":"digits","model":"digits@3"},"a.weight":{"dtype":"F32","shape":[1,3],"data_offsets":[8,20]}"""
            + ""","a.count":{"dtype":"I64","shape":[],"data_offsets":[0,8]},"b.weight":{"dtype":"F32","shape":[2],"data_offsets":[20,28]}"""
            + ""","b.empty":{"dtype":"F32","shape":[0,4],"data_offsets":[28,28]}}""";
        var padded = Header.PadRight((Header.Length + 7) / 8 * 8);
        byte[] expected =
        [
            .. BitConverter.GetBytes((long)padded.Length), .. Encoding.ASCII.GetBytes(padded),
            8, 7, 6, 5, 4, 3, 2, 1,
            0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0, 0, 0, 0x60, 0x40, 0, 0, 0x80, 0x40, 1, 0, 0, 0,
        ];
        Assert.Equal(expected, await Write(new Dictionary<string, string> { ["model"] = "digits@3", ["job"] = "digits" }));
    }

    [Fact]
    public async Task Written_model_is_read_back()
    {
        var reader = await SafetensorsReader.Open(new MemoryStream(await Write(new Dictionary<string, string> { ["job"] = "ж" })), Cancellation);
        Assert.True(Layout.Matches(reader.Layout));
        Assert.Equal("ж", reader.Metadata["job"]);
        Assert.Equal(MemoryMarshal.AsBytes(Weights.AsSpan()).ToArray(), await ReadWeights(reader, Layout));
        Assert.Equal(MemoryMarshal.AsBytes(Integers.AsSpan()).ToArray(), await reader.ReadIntegers(Layout, Cancellation));
    }

    [Fact]
    public async Task Weights_come_in_the_order_of_the_model_not_of_the_file()
    {
        var file = File("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"y":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", [1, 1, 1, 1, 2, 2, 2, 2]);
        var reader = await SafetensorsReader.Open(new MemoryStream(file), Cancellation);
        ModelLayout layout = new([new("y", TensorType.Float32, [1]), new("x", TensorType.Float32, [1])]);
        Assert.Equal([2, 2, 2, 2, 1, 1, 1, 1], await ReadWeights(reader, layout));
    }

    [Theory]
    [InlineData("z", 1, "has no tensor 'z'")]
    [InlineData("x", 2, "F32[1] in the file and F32[2] in the model")]
    public async Task Tensor_that_the_model_has_otherwise_is_named(string name, long size, string expected)
    {
        var file = File("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", new byte[4]);
        var reader = await SafetensorsReader.Open(new MemoryStream(file), Cancellation);
        var exception = await Assert.ThrowsAsync<SafetensorsException>(() => ReadWeights(reader, new([new(name, TensorType.Float32, [size])])));
        Assert.Contains(expected, exception.Message);
    }

    [Theory]
    [InlineData("""{"x":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}""", "model.float()")]
    [InlineData("""{"x":{"dtype":"F16","shape":[4],"data_offsets":[0,8]}}""", "model.float()")]
    [InlineData("""{"x":{"dtype":"BF16","shape":[4],"data_offsets":[0,8]}}""", "model.float()")]
    [InlineData("""{"x":{"dtype":"U8","shape":[8],"data_offsets":[0,8]}}""", "'U8'")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,8]}}""", "does not fit its place")]
    [InlineData("""{"x":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", "impossible shape")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", "does not fit its place")]
    [InlineData("""{"x":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}""", "ends too early")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "bytes follow")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "after a gap")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"y":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "overlaps")]
    [InlineData("""{"x":{"dtype":"F32","shape":[9223372036854775807,9223372036854775807],"data_offsets":[0,8]}}""", "does not fit its place")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2.5],"data_offsets":[0,8]}}""", "not the JSON")]
    [InlineData("""{"x":{"shape":[2],"data_offsets":[0,8]}}""", "not the JSON")]
    [InlineData("""{"x":1}""", "not the JSON")]
    [InlineData("[]", "not the JSON")]
    [InlineData("{", "not the JSON")]
    [InlineData("""{"__metadata__":{"a":1},"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "not the JSON")]
    [InlineData("""{"":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "no name")]
    public async Task Header_that_lies_is_refused_with_a_sentence(string header, string expected)
    {
        var exception = await Assert.ThrowsAsync<SafetensorsException>(() => SafetensorsReader.Open(new MemoryStream(File(header, new byte[8])), Cancellation));
        Assert.Contains(expected, exception.Message);
        Assert.DoesNotContain('\n', exception.Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(60)]
    public async Task Truncated_file_is_refused(int length)
    {
        var file = (await Write(null))[..length];
        await Assert.ThrowsAsync<SafetensorsException>(() => SafetensorsReader.Open(new MemoryStream(file), Cancellation));
    }

    [Theory]
    [InlineData(ulong.MaxValue)]
    [InlineData(1UL << 62)]
    [InlineData(100UL << 20)]
    public async Task Impossible_length_of_the_header_allocates_nothing(ulong length)
    {
        var file = BitConverter.GetBytes(length).Concat(new byte[100]).ToArray();
        await Assert.ThrowsAsync<SafetensorsException>(() => SafetensorsReader.Open(new MemoryStream(file), Cancellation));
    }

    [Theory]
    [InlineData(4, 8)]
    [InlineData(6, 8)]
    [InlineData(5, 0)]
    public async Task Version_that_does_not_fit_its_layout_is_not_written_as_if_it_did(int weights, int integers) =>
        await Assert.ThrowsAsync<SafetensorsException>(() => SafetensorsWriter.Write(
            Stream.Null, Layout, null, new MemoryStream(new byte[4 * weights]), new byte[integers], Cancellation));

    [Fact]
    public async Task Mutated_files_give_a_model_or_the_exception_of_the_format()
    {
        var random = new Random(3);
        var original = await Write(new Dictionary<string, string> { ["job"] = "digits" });
        var refused = 0;
        for (var run = 0; run < 10_000; run++)
        {
            var file = Mutate(original, random);
            try
            {
                var reader = await SafetensorsReader.Open(new MemoryStream(file), Cancellation);
                await ReadWeights(reader, reader.Layout);
                await reader.ReadIntegers(reader.Layout, Cancellation);
            }
            catch (SafetensorsException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 1_000, 9_999);
    }

    private static byte[] Mutate(byte[] original, Random random)
    {
        var file = original.ToList();
        for (var change = random.Next(1, 4); change > 0; change--)
        {
            var place = random.Next(file.Count);
            switch (random.Next(5))
            {
                case 0:
                    file[place] = (byte)random.Next(256);
                    break;
                case 1:
                    file[place] = "0123456789-{}[]\",:.eE\\"u8[random.Next(22)];
                    break;
                case 2:
                    file.RemoveRange(place, Math.Min(file.Count - place - 1, random.Next(1, 20)));
                    break;
                case 3:
                    file.InsertRange(place, file.GetRange(place, Math.Min(file.Count - place, random.Next(1, 20))));
                    break;
                default:
                    file[random.Next(8)] = (byte)random.Next(256);
                    break;
            }
        }

        return [.. file];
    }

    private static byte[] File(string header, byte[] data) =>
        [.. BitConverter.GetBytes((long)Encoding.UTF8.GetByteCount(header)), .. Encoding.UTF8.GetBytes(header), .. data];

    private static async Task<byte[]> Write(IReadOnlyDictionary<string, string>? metadata)
    {
        var output = new MemoryStream();
        await SafetensorsWriter.Write(
            output, Layout, metadata, new MemoryStream(MemoryMarshal.AsBytes(Weights.AsSpan()).ToArray()), MemoryMarshal.AsBytes(Integers.AsSpan()).ToArray(), Cancellation);
        return output.ToArray();
    }

    private static async Task<byte[]> ReadWeights(SafetensorsReader reader, ModelLayout layout)
    {
        var output = new MemoryStream();
        await reader.ReadWeights(layout, (block, cancellation) => output.WriteAsync(block, cancellation), Cancellation);
        return output.ToArray();
    }
}
