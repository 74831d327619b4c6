using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using OrleansEdge.LocalCluster;
using OrleansEdge.LocalCluster.Sites;

namespace OrleansEdge.EndToEnd.Tests.LocalCluster.Sites;

public sealed class WeightsDigestTests
{
    private static readonly byte[] Data = [.. Enumerable.Range(0, 24).Select(number => (byte)number)];

    [Fact]
    public async Task Digest_covers_floating_tensors_in_the_files_order()
    {
        // The header's order is another than the data's, and an integer buffer lies between.
        var file = File("""
            {"b":{"dtype":"F32","shape":[2],"data_offsets":[16,24]},
            "n":{"dtype":"I64","shape":[],"data_offsets":[8,16]},
            "a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},
            "__metadata__":{"x":"y"}}
            """);

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData([.. Data[..8], .. Data[16..]])), await Compute(file));
    }

    [Fact]
    public async Task Digest_of_a_file_that_ends_early_is_refused()
    {
        var file = File("""{"a":{"dtype":"F32","shape":[7],"data_offsets":[0,28]}}""");

        await Assert.ThrowsAsync<ClusterException>(() => Compute(file));
    }

    [Fact]
    public async Task Digest_of_something_else_is_refused()
    {
        await Assert.ThrowsAsync<ClusterException>(() => Compute(Encoding.UTF8.GetBytes("<html>not found</html>")));
    }

    private static Task<string> Compute(byte[] file) => WeightsDigest.Compute(new MemoryStream(file), TestContext.Current.CancellationToken);

    private static byte[] File(string header)
    {
        var length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        return [.. length, .. Encoding.UTF8.GetBytes(header), .. Data];
    }
}
