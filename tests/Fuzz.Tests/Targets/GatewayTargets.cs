using System.Buffers;
using System.Text;
using Orleans.Runtime;
using OrleansEdge.Contracts.Security.Transport;
using OrleansEdge.Silo.Identity.Gateway;

namespace OrleansEdge.Fuzz.Tests.Targets;

/// <summary>What comes over a connection before anybody knows who is there: frames at the gateway, and the answer of whoever listens.</summary>
internal static class GatewayTargets
{
    private const string Client = "0123456789abcdef0123456789abcdef";
    private const int LongestSentence = 1024;

    public static IEnumerable<FuzzTarget> All =>
    [
        new("header of a message", typeof(MessageHeader), ReadHeader, Declared.Only<FormatException>(), [Header(hasToken: true), Header(hasToken: false)]),
        new("frames of a client", typeof(ClientFrames), ReadFrames, Declared.Only<FormatException>(), [[.. Introduction, .. Message(hasToken: true), .. Message(hasToken: false)]]),
        new("admission", typeof(Admission), ReadAdmission, Declared.Only<IOException>(), [Admitted(null), Admitted("it was shut out of this site")]),
    ];

    private static byte[] Introduction => [.. BitConverter.GetBytes(Client.Length), .. Encoding.ASCII.GetBytes(Client)];

    /// <summary>Where what comes is cut into packets must make no difference.</summary>
    private static void ReadHeader(ReadOnlyMemory<byte> input)
    {
        var whole = MessageHeader.Read(new(input));
        var cut = MessageHeader.Read(Parted.In(input, input.Length / 2));
        PropertyException.Require(Describe(whole) == Describe(cut), "a header in two parts is read as another");
        if (whole is not { } header)
        {
            throw new FormatException("It is none.");
        }

        PropertyException.Require(
            header.Token.Length <= input.Length && header.Sender.Type.Length + header.Sender.Key.Length <= input.Length, "a header has more than the bytes that it came in");
    }

    /// <summary>As a connection does it: a frame that is not whole waits for more.</summary>
    private static void ReadFrames(ReadOnlyMemory<byte> input)
    {
        var frames = new ClientFrames();
        var rest = Parted.In(input, input.Length / 2);
        for (long length = 1; length > 0; rest = rest.Slice(length))
        {
            if (frames.Look(rest, out length) is { } sentence)
            {
                throw new FormatException(sentence);
            }

            PropertyException.Require(length >= 0 && length <= rest.Length, "a frame is longer than what has come");
        }
    }

    private static void ReadAdmission(ReadOnlyMemory<byte> input)
    {
        var refusal = Admission.Read(new MemoryStream(input.ToArray()), CancellationToken.None).GetAwaiter().GetResult();
        PropertyException.Require(refusal is null or { Length: > 0 and <= LongestSentence }, "a refusal is longer than one may be");
    }

    private static string Describe(MessageHeader? header) => header is { } read
        ? $"{read.Flags} {read.IsConsistent} {read.ContextEntries} {Convert.ToHexString(read.Sender.Type)} {Convert.ToHexString(read.Sender.Key)} {Convert.ToHexString(read.Token.ToArray())}"
        : "none";

    private static byte[] Admitted(string? refusal)
    {
        using var written = new MemoryStream();
        Admission.Write(written, refusal, CancellationToken.None).GetAwaiter().GetResult();
        return written.ToArray();
    }

    private static byte[] Message(bool hasToken)
    {
        var header = Header(hasToken);
        return [.. BitConverter.GetBytes(header.Length), .. BitConverter.GetBytes(3), .. header, 1, 2, 3];
    }

    /// <summary>As Orleans 10 writes a request with a context: numbers below 128 in one byte, twice their value and one.</summary>
    private static byte[] Header(bool hasToken)
    {
        byte[] context = hasToken ? [Number(1), .. Text("oe.token"), 0x48, 0x05, .. Value("eyJ.a.b")] : [Number(1), .. Text("traceparent"), 0x48, 0x05, .. Value("00-0af765-01")];
        return
        [
            0x50, 0x01, 0x01, 0x00, .. new byte[8], .. Id("sys.client"), .. Id(Client), .. Id("participant"), .. Id("dev1"),
            Number(0), Number(0), 0x94, 0x3A, 0, 0, .. Id("oe.IParticipantGrain"), .. context,
        ];
    }

    private static byte[] Id(string text) => [Number(text.Length), .. BitConverter.GetBytes(IdSpan.Create(text).GetHashCode()), .. Encoding.ASCII.GetBytes(text)];

    private static byte[] Text(string text) => [Number(text.Length + 1), .. Encoding.ASCII.GetBytes(text)];

    private static byte[] Value(string text) => [Number(text.Length), .. Encoding.ASCII.GetBytes(text)];

    private static byte Number(int number) => (byte)((number << 1) | 1);
}
