using System.Buffers;
using Orleans.Serialization.Buffers;
using Orleans.Serialization.Cloning;
using Orleans.Serialization.Codecs;
using Orleans.Serialization.Serializers;
using Orleans.Serialization.WireProtocol;

namespace OrleansEdge.Contracts.Content;

/// <summary>
/// One message's worth of bytes. Whoever makes a chunk gives the memory away: it must not change afterwards.
/// A type of its own, because Orleans' codec for returned <c>ReadOnlyMemory&lt;byte&gt;</c> is an order of magnitude slower.
/// </summary>
/// <param name="Memory">The bytes, at most <see cref="MaximumLength"/>.</param>
[Immutable]
public readonly record struct Chunk(ReadOnlyMemory<byte> Memory)
{
    private readonly ReceiveBuffer? _buffer;

    /// <summary>A chunk that came over the wire.</summary>
    internal Chunk(ReceiveBuffer buffer)
        : this(buffer.Memory) => _buffer = buffer;

    /// <summary>The largest chunk that is read from the wire, in bytes: 1 MiB.</summary>
    public const int MaximumLength = 1 << 20;

    /// <summary>The chunk length at which throughput is best, in bytes: 256 KiB.</summary>
    public const int PreferredLength = 1 << 18;

    /// <summary>The number of chunks in flight at which throughput is best.</summary>
    public const int PreferredInFlight = 8;

    /// <summary>The length in bytes.</summary>
    public int Length => Memory.Length;

    /// <summary>The bytes.</summary>
    public ReadOnlySpan<byte> Span => Memory.Span;

    /// <summary>
    /// Gives the memory of a received chunk back, to be received into again. Only its receiver may call this, when nobody reads the chunk or
    /// a copy of it any more. It need not be called; nothing happens to memory that the chunk's maker owns, or at a second call.
    /// </summary>
    public void Release() => _buffer?.Release();
}

/// <summary>Writes a chunk as one length-prefixed field; refuses a length above the limit before it allocates.</summary>
[RegisterSerializer]
public sealed class ChunkCodec : IFieldCodec<Chunk>
{
    /// <inheritdoc/>
    public void WriteField<TBufferWriter>(ref Writer<TBufferWriter> writer, uint fieldIdDelta, Type? expectedType, Chunk value)
        where TBufferWriter : IBufferWriter<byte>
    {
        ReferenceCodec.MarkValueField(writer.Session);
        writer.WriteFieldHeader(fieldIdDelta, expectedType!, typeof(Chunk), WireType.LengthPrefixed);
        writer.WriteVarUInt32((uint)value.Length);
        writer.Write(value.Span);
    }

    /// <inheritdoc/>
    public Chunk ReadValue<TInput>(ref Reader<TInput> reader, Field field)
    {
        ReferenceCodec.MarkValueField(reader.Session);
        var length = reader.ReadVarUInt32();
        if (field.WireType != WireType.LengthPrefixed || length > Chunk.MaximumLength)
        {
            throw new InvalidDataException($"A chunk has at most {Chunk.MaximumLength} bytes; this one claims {length}.");
        }

        var buffer = new ReceiveBuffer((int)length);
        reader.ReadBytes(buffer.Span);
        return new Chunk(buffer);
    }
}

/// <summary>Chunks are never copied inside a silo.</summary>
[RegisterCopier]
public sealed class ChunkCopier : IDeepCopier<Chunk>, IOptionalDeepCopier
{
    /// <inheritdoc/>
    public Chunk DeepCopy(Chunk input, CopyContext context) => input;

    /// <inheritdoc/>
    public bool IsShallowCopyable() => true;
}
