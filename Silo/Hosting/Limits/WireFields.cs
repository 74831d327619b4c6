using System.Buffers;
using Orleans.Serialization.Buffers;
using Orleans.Serialization.WireProtocol;

namespace OrleansEdge.Silo.Hosting.Limits;

/// <summary>
/// Looks how deep a serialised object nests, before Orleans reads it: Orleans reads fields within fields by recursion, without a limit, and a
/// process does not survive the end of its stack. What is not a whole field is refused too.
/// </summary>
internal static class WireFields
{
    /// <summary>The deepest nesting that is let through; the product's own messages have less than ten levels.</summary>
    public const int MaximumDepth = 64;

    /// <summary>The longest name of a type, in bytes; that of a call has about two hundred.</summary>
    private const uint LongestTypeName = 1024;

    /// <summary>The most brackets in one: generic types are read by recursion as well.</summary>
    private const int MostBrackets = 64;

    /// <summary>A version and a hash stand before an encoded type's name.</summary>
    private const int TypePrefix = 1 + sizeof(int);

    /// <summary>Whether the bytes are one object, and not too deep.</summary>
    public static bool IsShallow(ReadOnlySequence<byte> bytes)
    {
        try
        {
            // No type is looked up, so that no session is needed.
            var reader = Reader.Create(bytes, null!);
            return TrySkip(ref reader) && reader.Position == bytes.Length;
        }
        catch (Exception exception) when (exception is InvalidOperationException or IndexOutOfRangeException or ArgumentException or OverflowException)
        {
            // They end too early, or are written as Orleans writes none.
            return false;
        }
    }

    /// <summary>Goes past one object; false if it is none, or too deep. A reader at its end throws.</summary>
    public static bool TrySkip<TInput>(ref Reader<TInput> reader)
    {
        var depth = 0;
        do
        {
            var tag = reader.ReadByte();
            var wireType = (WireType)(tag & (byte)Tag.WireTypeMask);
            if (wireType == WireType.Extended)
            {
                // The end of an object, or of the fields of a base class.
                depth -= (ExtendedWireType)(tag & (byte)Tag.ExtendedWireTypeMask) == ExtendedWireType.EndTagDelimited ? 1 : 0;
            }
            else if (!TrySkipType(ref reader, tag) || !TrySkipValue(ref reader, wireType, ref depth))
            {
                return false;
            }
        }
        while (depth > 0);

        return depth == 0;
    }

    private static bool TrySkipType<TInput>(ref Reader<TInput> reader, byte tag)
    {
        if ((tag & (byte)Tag.FieldIdMask) == (byte)Tag.FieldIdCompleteMask)
        {
            WireNumber.Read(ref reader);
        }

        switch ((SchemaType)(tag & (byte)Tag.SchemaTypeMask))
        {
            case SchemaType.Expected:
                return true;
            case SchemaType.Encoded:
                reader.Skip(TypePrefix);
                var length = WireNumber.Read(ref reader);
                if (length > LongestTypeName)
                {
                    return false;
                }

                Span<byte> name = stackalloc byte[(int)length];
                reader.ReadBytes(name);
                return name.Count((byte)'[') + name.Count((byte)'(') <= MostBrackets;
            default:
                WireNumber.Read(ref reader);
                return true;
        }
    }

    private static bool TrySkipValue<TInput>(ref Reader<TInput> reader, WireType wireType, ref int depth)
    {
        switch (wireType)
        {
            case WireType.VarInt:
                reader.ReadVarUInt64();
                return true;
            case WireType.TagDelimited:
                return ++depth <= MaximumDepth;
            case WireType.LengthPrefixed:
                var length = WireNumber.Read(ref reader);
                var fits = length <= reader.Length - reader.Position;
                reader.Skip(fits ? length : 0);
                return fits;
            case WireType.Fixed32:
                reader.Skip(sizeof(int));
                return true;
            case WireType.Fixed64:
                reader.Skip(sizeof(long));
                return true;
            case WireType.Reference:
                WireNumber.Read(ref reader);
                return true;
            default:
                return false;
        }
    }
}
