using System.Buffers;
using System.Collections;
using System.Collections.Immutable;
using System.IO.Hashing;
using System.Numerics;
using System.Runtime.InteropServices;
using OrleansEdge.Contracts.Content;
using OrleansEdge.Contracts.Rounds;

namespace OrleansEdge.Grains.Rounds;

/// <summary>One shard of one participant's update, as it arrives. Used in its grain's turns only, apart from <see cref="Values"/>.</summary>
internal sealed class StagedUpdate(UploadHeader header, IStagedVector values) : IDisposable
{
    private const int BlockWidth = 1 << 16;

    private readonly BitArray _received = new(ChunkCount(header.Length));
    private int _holds;
    private bool _disposed;
    private int _outstanding = ChunkCount(header.Length);

    /// <summary>Which upload.</summary>
    public UploadHeader Header => header;

    /// <summary>The values.</summary>
    public IStagedVector Values => values;

    /// <summary>Whether all chunks have arrived and were found good.</summary>
    public bool IsStaged { get; private set; }

    /// <summary>The offsets of the chunks that have not arrived.</summary>
    public ImmutableArray<int> Missing =>
        [.. Enumerable.Range(0, _received.Count).Where(index => !_received[index]).Select(index => index * Chunk.PreferredLength)];

    /// <summary>The number of chunks of a shard.</summary>
    public static int ChunkCount(int length) => (length + Chunk.PreferredLength - 1) / Chunk.PreferredLength;

    /// <summary>The length of the chunk at an offset.</summary>
    public static int ChunkLength(int length, int offset) => Math.Min(Chunk.PreferredLength, length - offset);

    /// <summary>Takes a chunk, and its memory with it.</summary>
    /// <returns>One sentence if the whole has arrived and is wrong; otherwise null.</returns>
    public string? Append(int offset, Chunk chunk)
    {
        var index = offset / Chunk.PreferredLength;
        if (IsStaged || _received[index])
        {
            return null;
        }

        values.Write(offset, chunk);
        _received[index] = true;
        return --_outstanding > 0 ? null : Check();
    }

    /// <summary>Keeps the values readable until <see cref="Unhold"/>, even if the update is disposed of in between.</summary>
    public void Hold() => _holds++;

    /// <summary>Ends a <see cref="Hold"/>.</summary>
    public void Unhold()
    {
        if (--_holds == 0 && _disposed)
        {
            values.Dispose();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _disposed = true;
        if (_holds == 0)
        {
            values.Dispose();
        }
    }

    private string? Check()
    {
        var buffer = ArrayPool<float>.Shared.Rent(BlockWidth);
        try
        {
            var hash = new XxHash128();
            var width = header.Length / sizeof(float);
            for (var start = 0; start < width; start += BlockWidth)
            {
                var block = values.Read(start, Math.Min(BlockWidth, width - start), buffer).Span;
                hash.Append(MemoryMarshal.AsBytes(block));
                if (!IsFinite(block))
                {
                    return "the update has a value that is not a finite number: lower the learning rate, or look for bad values in the data.";
                }
            }

            if (hash.GetCurrentHashAsUInt128() != header.Digest.Value)
            {
                return "the update does not match its digest: it was damaged on the way or on the device's disk.";
            }

            IsStaged = true;
            return null;
        }
        finally
        {
            ArrayPool<float>.Shared.Return(buffer);
        }
    }

    /// <summary>Whether no value is a NaN or an infinity.</summary>
    public static bool IsFinite(ReadOnlySpan<float> values)
    {
        // A float is not finite exactly when all bits of its exponent are set.
        var vectors = MemoryMarshal.Cast<float, Vector<uint>>(values);
        var exponent = new Vector<uint>(0x7F80_0000);
        var found = Vector<uint>.Zero;
        foreach (var vector in vectors)
        {
            found |= Vector.Equals(vector & exponent, exponent);
        }

        if (found != Vector<uint>.Zero)
        {
            return false;
        }

        foreach (var value in values[(vectors.Length * Vector<uint>.Count)..])
        {
            if (!float.IsFinite(value))
            {
                return false;
            }
        }

        return true;
    }
}
