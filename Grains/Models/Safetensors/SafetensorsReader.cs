using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using OrleansEdge.Contracts.Models;

namespace OrleansEdge.Grains.Models.Safetensors;

/// <summary>
/// Reads a safetensors file from anywhere: nothing in it is believed before it is checked, and no tensor is held whole. Numbers are not
/// looked at: a NaN is the caller's to refuse.
/// </summary>
public sealed class SafetensorsReader
{
    private const int BlockLength = 1 << 20;

    private readonly Stream _stream;
    private readonly long _dataBegin;
    private readonly Dictionary<string, SafetensorsEntry> _entries;

    private SafetensorsReader(Stream stream, long dataBegin, SafetensorsHeader header)
    {
        _stream = stream;
        _dataBegin = dataBegin;
        _entries = header.Entries.ToDictionary(entry => entry.Description.Name);
        Layout = new([.. header.Entries.Select(entry => entry.Description)]);
        Metadata = header.Metadata;
    }

    /// <summary>The file's tensors in the order of its header.</summary>
    public ModelLayout Layout { get; }

    /// <summary>The file's metadata.</summary>
    public ImmutableDictionary<string, string> Metadata { get; }

    /// <summary>Reads and checks the header.</summary>
    /// <param name="stream">The file; must be able to seek, and stays the caller's.</param>
    /// <param name="cancellation">Stops the reading.</param>
    /// <exception cref="SafetensorsException">The file is not a safetensors file, or holds types that are not supported.</exception>
    public static async Task<SafetensorsReader> Open(Stream stream, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (stream.Length < SafetensorsFormat.PrefixLength)
        {
            throw SafetensorsHeader.Broken("it is too short");
        }

        var prefix = new byte[SafetensorsFormat.PrefixLength];
        stream.Position = 0;
        await Fill(stream, prefix, cancellation).ConfigureAwait(false);
        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > SafetensorsFormat.MaximumHeaderLength || (long)length > stream.Length - SafetensorsFormat.PrefixLength)
        {
            throw SafetensorsHeader.Broken("it begins with an impossible length of its header");
        }

        var json = new byte[length];
        await Fill(stream, json, cancellation).ConfigureAwait(false);
        var dataBegin = SafetensorsFormat.PrefixLength + (long)length;
        return new(stream, dataBegin, SafetensorsHeader.Parse(json, stream.Length - dataBegin));
    }

    /// <summary>
    /// Hands the flat vector of <paramref name="layout"/> to <paramref name="sink"/>, block by block (at most 1 MiB, whole numbers), whatever
    /// the order of the tensors in the file.
    /// </summary>
    /// <exception cref="SafetensorsException">The file lacks a tensor of the layout or has it in another type or shape.</exception>
    public async Task ReadWeights(
        ModelLayout layout, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> sink, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentNullException.ThrowIfNull(sink);
        var entries = Match(layout, TensorType.Float32);
        var block = ArrayPool<byte>.Shared.Rent(BlockLength);
        try
        {
            foreach (var entry in entries)
            {
                _stream.Position = _dataBegin + entry.Begin;
                for (var left = entry.End - entry.Begin; left > 0;)
                {
                    var part = block.AsMemory(0, (int)Math.Min(left, BlockLength));
                    await Fill(_stream, part, cancellation).ConfigureAwait(false);
                    await sink(part, cancellation).ConfigureAwait(false);
                    left -= part.Length;
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }

    /// <summary>The integer buffers of <paramref name="layout"/>, little-endian int64.</summary>
    /// <exception cref="SafetensorsException">The file lacks a tensor of the layout or has it in another type or shape, or they are too large.</exception>
    public async Task<byte[]> ReadIntegers(ModelLayout layout, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(layout);
        var entries = Match(layout, TensorType.Int64);
        var length = entries.Sum(entry => entry.End - entry.Begin);
        if (length > Array.MaxLength)
        {
            throw new SafetensorsException($"The file's I64 tensors have {length} bytes, too many for one model: leave them out of the file.");
        }

        var integers = new byte[length];
        var offset = 0;
        foreach (var entry in entries)
        {
            _stream.Position = _dataBegin + entry.Begin;
            var part = integers.AsMemory(offset, (int)(entry.End - entry.Begin));
            await Fill(_stream, part, cancellation).ConfigureAwait(false);
            offset += part.Length;
        }

        return integers;
    }

    private static async Task Fill(Stream stream, Memory<byte> destination, CancellationToken cancellation)
    {
        if (await stream.ReadAtLeastAsync(destination, destination.Length, throwOnEndOfStream: false, cancellation).ConfigureAwait(false)
            < destination.Length)
        {
            throw SafetensorsHeader.Broken("it became shorter while it was read");
        }
    }

    private List<SafetensorsEntry> Match(ModelLayout layout, TensorType type)
    {
        var entries = new List<SafetensorsEntry>();
        foreach (var tensor in layout.Tensors.Where(tensor => tensor.Type == type))
        {
            var entry = _entries.GetValueOrDefault(tensor.Name)
                ?? throw new SafetensorsException($"The file has no tensor '{tensor.Name}', which the model has: export the model that it is for.");
            if (entry.Description.Type != type || !entry.Description.Shape.SequenceEqual(tensor.Shape))
            {
                throw new SafetensorsException(
                    $"The tensor '{tensor.Name}' is {Text(entry.Description)} in the file and {Text(tensor)} in the model: export the model that it is for.");
            }

            entries.Add(entry);
        }

        return entries;
    }

    private static string Text(TensorDescription tensor) => $"{SafetensorsFormat.NameOf(tensor.Type)}[{string.Join(", ", tensor.Shape)}]";
}
