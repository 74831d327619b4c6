namespace OrleansEdge.Contracts.Faults.Network;

/// <summary>
/// Finds where Orleans' messages begin in one direction of a connection. First comes a preamble, a 32-bit length and as many bytes; then
/// messages, each with the lengths of its header and its body in front, 32 bits each, all little-endian.
/// </summary>
/// <remarks>Bytes that cannot be lengths are somebody else's protocol: from there on, each call counts as one message.</remarks>
public struct MessageFrames
{
    private const int PreamblePrefix = 4;
    private const int MessagePrefix = 8;
    private ulong _prefix;
    private int _prefixBytes;
    private long _left;
    private bool _isPastPreamble;
    private bool _isLost;

    /// <summary>Whether the bytes seen so far end with a whole message.</summary>
    public readonly bool IsAtBoundary => !_isLost && _prefixBytes == 0 && _left == 0;

    /// <summary>Goes on with the next bytes, however they are cut.</summary>
    /// <returns>How many messages have ended in them, the preamble included.</returns>
    public int Count(ReadOnlySpan<byte> bytes)
    {
        var count = 0;
        while (!bytes.IsEmpty && !_isLost)
        {
            if (_left == 0)
            {
                bytes = ReadPrefix(bytes);
            }

            var length = (int)Math.Min(_left, bytes.Length);
            _left -= length;
            bytes = bytes[length..];
            count += IsAtBoundary ? 1 : 0;
        }

        return _isLost ? Math.Max(count, 1) : count;
    }

    private ReadOnlySpan<byte> ReadPrefix(ReadOnlySpan<byte> bytes)
    {
        var wanted = _isPastPreamble ? MessagePrefix : PreamblePrefix;
        var length = Math.Min(wanted - _prefixBytes, bytes.Length);
        for (var index = 0; index < length; index++)
        {
            _prefix |= (ulong)bytes[index] << (8 * _prefixBytes++);
        }

        if (_prefixBytes == wanted)
        {
            var (first, second) = ((int)_prefix, (int)(_prefix >> 32));
            _isLost = first <= 0 || second < 0;
            _left = _isLost ? 0 : (long)first + second;
            (_prefix, _prefixBytes, _isPastPreamble) = (0, 0, true);
        }

        return bytes[length..];
    }
}
