using System.Globalization;
using OrleansEdge.Grains.Storage;

namespace OrleansEdge.Benchmarks.Stores;

/// <summary>What is done with a store in one measurement: a number of blobs, one after the other.</summary>
internal sealed class StoreWork
{
    private const int PieceLength = 256 * 1024;

    private readonly byte[] _content;

    public StoreWork(int length, int count)
    {
        Count = count;
        _content = new byte[length];
        new Random(length).NextBytes(_content);
    }

    /// <summary>The bytes of a blob.</summary>
    public int Length => _content.Length;

    /// <summary>The number of blobs.</summary>
    public int Count { get; }

    public async Task Write(IBlobStore store, CancellationToken cancellation)
    {
        for (var index = 0; index < Count; index++)
        {
            await store.Write(NameOf(index), _content, cancellation: cancellation);
        }
    }

    public async Task Stream(IBlobStore store, CancellationToken cancellation)
    {
        for (var index = 0; index < Count; index++)
        {
            await store.Write(NameOf(index), async (writer, stop) =>
            {
                for (var offset = 0; offset < _content.Length; offset += PieceLength)
                {
                    await writer.Append(_content.AsMemory(offset, Math.Min(PieceLength, _content.Length - offset)), stop);
                }
            }, cancellation: cancellation);
        }
    }

    public async Task Read(IBlobStore store, CancellationToken cancellation)
    {
        for (var index = 0; index < Count; index++)
        {
            Require((await store.Read(NameOf(index), cancellation))!.Bytes.Length);
        }
    }

    public async Task Write(IBareStore store, CancellationToken cancellation)
    {
        for (var index = 0; index < Count; index++)
        {
            await store.Write(NameOf(index).Path, _content, cancellation);
        }
    }

    public async Task Read(IBareStore store, CancellationToken cancellation)
    {
        for (var index = 0; index < Count; index++)
        {
            Require(await store.Read(NameOf(index).Path, cancellation));
        }
    }

    private static BlobName NameOf(int index) => BlobName.Create("benchmark", $"{index.ToString(CultureInfo.InvariantCulture)}.bin");

    private void Require(int length)
    {
        if (length != Length)
        {
            throw new InvalidOperationException($"A blob of {Length} bytes was read as {length}.");
        }
    }
}
