using System.Text;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Models;

namespace OrleansEdge.Contracts.Tests.Models;

public sealed class ModelManifestTests
{
    private static readonly ContentHash First = ContentHash.Of("first"u8);
    private static readonly ContentHash Second = ContentHash.Of("second"u8);

    [Fact]
    public void Bytes_are_fixed_to_the_last()
    {
        var text = Encoding.UTF8.GetString(Sample().ToBytes());
        Assert.Equal(
            "{\"format\":1,\"tensors\":[{\"name\":\"w\",\"type\":\"F32\",\"shape\":[2,3]},{\"name\":\"n\",\"type\":\"I64\",\"shape\":[]}]," +
            $"\"parametersPerShard\":4,\"vectors\":[{{\"name\":\"weights\",\"shards\":[\"{First}\",\"{Second}\"]}}]," +
            "\"integers\":\"BwAAAAAAAAA=\"}",
            text);
        Assert.Equal(ContentHash.Of(Encoding.UTF8.GetBytes(text)), Sample().Hash);
    }

    [Fact]
    public void Manifest_comes_back_equal()
    {
        var read = ModelManifest.Parse(Sample().ToBytes());
        Assert.Equal(Sample(), read);
        Assert.Equal([First, Second], read.WeightShards);
        Assert.True(read.Layout.Matches(Sample().Layout));
        Assert.Equal(2, read.Plan.Count);
        Assert.Equal(7, read.Integers.Span[0]);
    }

    [Fact]
    public void Any_other_content_has_another_hash()
    {
        var other = ModelManifest.OfWeights(Sample().Layout, new(6, 4), [Second, First], Sample().Integers);
        Assert.NotEqual(Sample().Hash, other.Hash);
        Assert.NotEqual(Sample(), other);
    }

    [Fact]
    public void Parts_that_do_not_fit_are_refused()
    {
        var layout = Sample().Layout;
        Assert.Throws<ModelManifestException>(() => ModelManifest.OfWeights(layout, new(7, 4), [First, Second], new byte[8]));
        Assert.Throws<ModelManifestException>(() => ModelManifest.OfWeights(layout, new(6, 4), [First], new byte[8]));
        Assert.Throws<ModelManifestException>(() => ModelManifest.OfWeights(layout, new(6, 4), [First, default], new byte[8]));
        Assert.Throws<ModelManifestException>(() => ModelManifest.OfWeights(layout, new(6, 4), [First, Second], new byte[7]));
        Assert.Throws<ModelManifestException>(() => new ModelManifest(layout, new(6, 4), [new("moment1", [First, Second])], new byte[8]));
        Assert.Throws<ModelManifestException>(() => new ModelManifest(
            layout, new(6, 4), [new("weights", [First, Second]), new("control", [First, Second])], new byte[8]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("garbage")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"format\":\"1\"}")]
    [InlineData("{\"format\":2}")]
    [InlineData("{\"format\":1,\"tensors\":[{\"name\":\"w\",\"type\":\"F64\",\"shape\":[1]}]}")]
    [InlineData("{\"format\":1,\"tensors\":[{\"name\":\"w\",\"type\":\"F32\",\"shape\":[-1]}],\"parametersPerShard\":4,\"vectors\":[],\"integers\":\"\"}")]
    [InlineData("{\"format\":1,\"tensors\":[],\"parametersPerShard\":4,\"vectors\":[{\"name\":\"weights\",\"shards\":[]}],\"integers\":\"\"}")]
    public void Damage_is_one_sentence(string text)
    {
        var exception = Assert.Throws<ModelManifestException>(() => ModelManifest.Parse(Encoding.UTF8.GetBytes(text)));
        Assert.StartsWith("The model manifest", exception.Message);
        Assert.DoesNotContain('\n', exception.Message);
    }

    [Fact]
    public void Other_writing_of_the_same_manifest_is_refused()
    {
        var text = Encoding.UTF8.GetString(Sample().ToBytes());
        Assert.Throws<ModelManifestException>(() => ModelManifest.Parse(Encoding.UTF8.GetBytes(text.Replace(",", ", ", StringComparison.Ordinal))));
        Assert.Throws<ModelManifestException>(() => ModelManifest.Parse(Encoding.UTF8.GetBytes(text.Insert(1, "\"x\":0,"))));
    }

    [Fact]
    public void Mutated_bytes_give_the_manifest_or_its_exception()
    {
        var random = new Random(11);
        var original = Sample().ToBytes();
        for (var run = 0; run < 5_000; run++)
        {
            var bytes = (byte[])original.Clone();
            for (var change = random.Next(1, 4); change > 0; change--)
            {
                bytes[random.Next(bytes.Length)] = random.Next(2) == 0 ? (byte)random.Next(256) : original[random.Next(original.Length)];
            }

            try
            {
                Assert.Equal(bytes, ModelManifest.Parse(bytes.AsMemory(0, random.Next(4) == 0 ? random.Next(bytes.Length) : bytes.Length)).ToBytes());
            }
            catch (ModelManifestException)
            {
            }
        }
    }

    private static ModelManifest Sample() => ModelManifest.OfWeights(
        new([new("w", TensorType.Float32, [2, 3]), new("n", TensorType.Int64, [])]), new(6, 4), [First, Second], new byte[] { 7, 0, 0, 0, 0, 0, 0, 0 });
}
