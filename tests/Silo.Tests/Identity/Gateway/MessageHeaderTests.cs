using System.Buffers;
using System.Text;
using Orleans.Runtime;
using OrleansEdge.Silo.Identity.Gateway;

namespace OrleansEdge.Silo.Tests.Identity.Gateway;

public sealed class MessageHeaderTests
{
    [Theory]
    [InlineData("oe.token")]
    [InlineData("traceparent,oe.token")]
    [InlineData("traceparent,tracestate,oe.token")]
    [InlineData("oe.token,traceparent")]
    public void Token_is_found_wherever_it_stands_in_the_context(string keys)
    {
        var header = Assert.NotNull(MessageHeader.Read(Header(keys.Split(','))));

        Assert.Equal((uint)keys.Split(',').Length, header.ContextEntries);
        Assert.True(header.IsPlainRequest);
        Assert.Equal("eyJ.a.b", Encoding.ASCII.GetString(header.Token.ToArray()));
    }

    /// <summary>As Orleans 10 writes a request with a context: numbers below 128 in one byte, twice their value and one.</summary>
    private static ReadOnlySequence<byte> Header(string[] keys)
    {
        var bytes = new List<byte>([0x50, 0x01, 0x01, 0x00, .. new byte[8]]);
        foreach (var id in new[] { "sys.client", "0123456789abcdef0123456789abcdef", "participant", "dev1" })
        {
            AddId(id);
        }

        bytes.AddRange([Number(0), Number(0), 0x94, 0x3A, 0, 0]);
        AddId("oe.IParticipantGrain");
        bytes.Add(Number(keys.Length));
        foreach (var key in keys)
        {
            var value = Encoding.ASCII.GetBytes(key == "oe.token" ? "eyJ.a.b" : "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");

            // The tag of a field of a well-known type, the type, the value.
            bytes.AddRange([Number(key.Length + 1), .. Encoding.ASCII.GetBytes(key), 0x48, 0x05, Number(value.Length), .. value]);
        }

        return new([.. bytes]);

        void AddId(string text) => bytes.AddRange([
            Number(text.Length), .. BitConverter.GetBytes(IdSpan.Create(text).GetHashCode()), .. Encoding.ASCII.GetBytes(text),
        ]);
    }

    private static byte Number(int number) => (byte)((number << 1) | 1);
}
