using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace OrleansEdge.Silo.Identity.Gateway;

/// <summary>
/// Looks at what a client sends before Orleans does. Orleans believes its clients what call filters never see: it would take a client's message
/// for the answer to a question that the site has asked somebody else, whose number is easily guessed; it would send a client the answers meant
/// for a silo that the client says it is.
/// </summary>
internal sealed class ClientFrames
{
    private const int PreamblePrefix = sizeof(int);
    private const int MessagePrefix = 2 * sizeof(int);
    private const int LongestPreamble = 1024;

    /// <summary>A client's own id is a random number of 32 hexadecimal digits.</summary>
    private const int ClientKeyLength = 32;

    /// <summary>A token, and a place in a trace: three entries.</summary>
    private const uint MostContextEntries = 16;

    /// <summary>Marks what belongs to an object of the client's in its id.</summary>
    public const byte ObserverMark = (byte)'+';

    private static readonly byte[] ClientType = Encoding.ASCII.GetBytes("sys.client");
    private byte[]? _preamble;
    private byte[] _sender = [];

    /// <summary>How the name of a silo begins, which a client may not take.</summary>
    public const string SiloClientText = "hosted-";

    private static readonly SearchValues<byte> ClientKeyDigits = SearchValues.Create("0123456789abcdef"u8);

    private static ReadOnlySpan<byte> SiloClient => "hosted-"u8;

    /// <summary>The client's own part of its id, once a message of its has come that is the same client's as its introduction; empty before.</summary>
    public ReadOnlySpan<byte> Sender => _sender;

    /// <summary>The token that the last frame carries; empty for none. Good only while the frame is there.</summary>
    public ReadOnlySequence<byte> Token { get; private set; }

    /// <summary>Looks at a frame.</summary>
    /// <param name="buffer">Begins where a frame begins.</param>
    /// <param name="length">The frame's length where it is there whole; 0 where more must come.</param>
    /// <returns>One sentence that says why the connection must end; null if all is well so far.</returns>
    public string? Look(ReadOnlySequence<byte> buffer, out long length)
    {
        length = 0;
        Span<byte> prefix = stackalloc byte[MessagePrefix];
        var wanted = _preamble is null ? PreamblePrefix : MessagePrefix;
        if (buffer.Length < wanted)
        {
            return null;
        }

        buffer.Slice(0, wanted).CopyTo(prefix);
        var first = BinaryPrimitives.ReadInt32LittleEndian(prefix);
        var second = _preamble is null ? 0 : BinaryPrimitives.ReadInt32LittleEndian(prefix[sizeof(int)..]);
        if (first <= 0 || second < 0 || (_preamble is null && first > LongestPreamble))
        {
            return "it does not speak Orleans' protocol.";
        }

        if (buffer.Length < wanted + (long)first + second)
        {
            return null;
        }

        length = wanted + (long)first + second;
        var part = buffer.Slice(wanted, first);
        return _preamble is null ? Introduce(part.ToArray()) : Check(part);
    }

    private string? Introduce(byte[] preamble)
    {
        _preamble = preamble;
        var at = preamble.AsSpan().IndexOf(SiloClient);
        return at >= 0 && preamble.AsSpan(at).IndexOfAny((byte)':', (byte)'@') >= 0 ? "it says that it is one of the site's silos." : null;
    }

    private string? Check(ReadOnlySequence<byte> bytes)
    {
        if (MessageHeader.Read(bytes) is not { } header)
        {
            return "a message of its has no header.";
        }

        Token = header.Token;
        if (!header.IsPlainRequest)
        {
            return "it sends something else than requests.";
        }

        if (!header.IsConsistent || header.ContextEntries > MostContextEntries)
        {
            return "a message of its is not as Orleans writes it.";
        }

        return IsOwn(header.Sender) ? null : "it sends a message in the name of somebody else.";
    }

    /// <summary>Whether a message's sender is the client that the preamble has named.</summary>
    private bool IsOwn((byte[] Type, byte[] Key) sender)
    {
        var end = sender.Key.AsSpan().IndexOf(ObserverMark);
        var key = sender.Key.AsSpan(0, end < 0 ? sender.Key.Length : end);
        if (!sender.Type.AsSpan().SequenceEqual(ClientType))
        {
            return false;
        }

        if (_sender.Length > 0)
        {
            return key.SequenceEqual(_sender);
        }

        if (key.Length != ClientKeyLength || key.ContainsAnyExcept(ClientKeyDigits) || _preamble.AsSpan().IndexOf(key) < 0)
        {
            return false;
        }

        _sender = key.ToArray();
        return true;
    }
}
