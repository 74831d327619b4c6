using Orleans.Serialization.Buffers;

namespace OrleansEdge.Silo.Hosting.Limits;

/// <summary>Numbers of variable length, as Orleans writes them.</summary>
internal static class WireNumber
{
    private const int LongestNumber = 5;

    /// <summary>
    /// Reads a number of 32 bits. Orleans writes five bytes at most; its reader takes more, and makes of them what depends on where the bytes were cut
    /// into packets, so that who looks and who reads could see different things.
    /// </summary>
    /// <exception cref="InvalidOperationException">It is longer.</exception>
    public static uint Read<TInput>(ref Reader<TInput> reader)
    {
        var start = reader.Position;
        var number = reader.ReadVarUInt32();
        return reader.Position - start <= LongestNumber ? number : throw new InvalidOperationException("A number has more bytes than Orleans writes.");
    }
}
