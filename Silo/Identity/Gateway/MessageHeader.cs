using System.Buffers;
using System.Text;
using Orleans.Serialization.Buffers;
using OrleansEdge.Contracts.Identity;
using OrleansEdge.Silo.Hosting.Limits;

namespace OrleansEdge.Silo.Identity.Gateway;

/// <summary>The header of a message as Orleans 10 writes it, as far as a guard needs it.</summary>
/// <param name="Flags">Flags, kind of message, kind of response and hops, in one number.</param>
/// <param name="Sender">The sender's type and key, as UTF-8.</param>
/// <param name="IsConsistent">Whether all ids carry their own hashes: Orleans believes what it is told, and would take one grain for two.</param>
/// <param name="ContextEntries">How many entries its context has.</param>
/// <param name="Token">What its context holds as the caller's token, as Latin-1; empty for none. Nobody has looked whether it is good.</param>
internal readonly record struct MessageHeader(
    uint Flags, (byte[] Type, byte[] Key) Sender, bool IsConsistent, uint ContextEntries, ReadOnlySequence<byte> Token = default)
{
    /// <summary>More entries than this are not looked through for a token.</summary>
    private const uint MostEntries = 16;

    /// <summary>How each token begins, after what says that it is a text and how long.</summary>
    private static readonly byte[] TokenStart = Encoding.ASCII.GetBytes("eyJ");

    private static readonly byte[] TokenKey = Encoding.ASCII.GetBytes(CallContext.Token);

    private const uint HasContext = 1 << 4;
    private const uint HasInterfaceVersion = 1 << 5;
    private const uint HasInterfaceType = 1 << 6;
    private const uint HasCacheInvalidation = 1 << 7;
    private const uint HasTimeToLive = 1 << 8;
    private const int DirectionShift = 16;
    private const uint DirectionMask = 0xF;
    private const uint ResponseMask = 0x00F0_0000;
    private const uint Request = 1;
    private const uint OneWay = 3;

    /// <summary>Whether it is a request, and asks for nothing besides: not an answer, and no news of where grains are.</summary>
    public bool IsPlainRequest => ((Flags >> DirectionShift) & DirectionMask) is Request or OneWay && (Flags & (ResponseMask | HasCacheInvalidation)) == 0;

    /// <summary>Reads a header; null if it is none.</summary>
    public static MessageHeader? Read(ReadOnlySequence<byte> bytes)
    {
        try
        {
            // Nothing in it but numbers and bytes, so that no session is needed.
            var reader = Reader.Create(bytes, null!);
            var flags = reader.ReadUInt32();
            reader.Skip(sizeof(long));
            var sender = (Id(ref reader), Id(ref reader));
            var target = (Type: Id(ref reader), Key: Id(ref reader));
            if ((flags & HasCacheInvalidation) != 0)
            {
                return new(flags, (sender.Item1.Bytes, sender.Item2.Bytes), true, 0);
            }

            Skip(ref reader);
            Skip(ref reader);
            reader.Skip((flags & HasTimeToLive) != 0 ? sizeof(int) : 0);
            var isConsistent = sender.Item1.IsConsistent && sender.Item2.IsConsistent && target.Type.IsConsistent && target.Key.IsConsistent
                && ((flags & HasInterfaceType) == 0 || Id(ref reader).IsConsistent);
            if (isConsistent && (flags & HasInterfaceVersion) != 0)
            {
                WireNumber.Read(ref reader);
            }

            var entries = isConsistent && (flags & HasContext) != 0 ? WireNumber.Read(ref reader) : 0;
            return new(flags, (sender.Item1.Bytes, sender.Item2.Bytes), isConsistent, entries, entries <= MostEntries ? FindToken(ref reader, bytes, entries) : default);
        }
        catch (Exception exception) when (exception is InvalidOperationException or IndexOutOfRangeException or ArgumentException or OverflowException)
        {
            // It ends too early, or is written as Orleans writes none.
            return null;
        }
    }

    private static (byte[] Bytes, bool IsConsistent) Id<TInput>(ref Reader<TInput> reader)
    {
        var length = WireNumber.Read(ref reader);
        if (length == 0)
        {
            return ([], true);
        }

        var hash = reader.ReadInt32();
        var bytes = Bytes(ref reader, length);
        return (bytes, new IdSpan(bytes).GetHashCode() == hash);
    }

    /// <summary>Each entry is a text and an object. One that cannot be read ends the search: Orleans will not be able to read it either.</summary>
    private static ReadOnlySequence<byte> FindToken<TInput>(ref Reader<TInput> reader, ReadOnlySequence<byte> bytes, uint entries)
    {
        for (; entries > 0; entries--)
        {
            var key = Text(ref reader);
            var start = reader.Position;
            if (!WireFields.TrySkip(ref reader))
            {
                return default;
            }

            if (key.AsSpan().SequenceEqual(TokenKey))
            {
                var field = new SequenceReader<byte>(bytes.Slice(start, reader.Position - start));
                return field.TryReadTo(out ReadOnlySequence<byte> _, TokenStart, advancePastDelimiter: false) ? field.UnreadSequence : default;
            }
        }

        return default;
    }

    /// <summary>A text's length is written one larger: 0 is no text.</summary>
    private static byte[] Text<TInput>(ref Reader<TInput> reader) => WireNumber.Read(ref reader) is var length and > 0 ? Bytes(ref reader, length - 1) : [];

    private static void Skip<TInput>(ref Reader<TInput> reader) => Bytes(ref reader, WireNumber.Read(ref reader));

    private static byte[] Bytes<TInput>(ref Reader<TInput> reader, uint length) => length <= reader.Length - reader.Position
        ? reader.ReadBytes(length)
        : throw new InvalidOperationException("The header ends within an id.");
}
