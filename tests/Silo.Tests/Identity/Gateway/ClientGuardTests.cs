using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Text;
using OrleansEdge.Silo.Identity.Gateway;

namespace OrleansEdge.Silo.Tests.Identity.Gateway;

public sealed class ClientGuardTests
{
    private const int FlagsAt = 8;
    private const byte Response = 2;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_a_client_sends_is_let_through_and_what_none_sends_ends_the_connection()
    {
        await using var silo = await ListenedSilo.Start();
        var frames = await silo.Listen();
        Assert.True(frames.Count > 2, "the client has said too little");
        Assert.Empty(silo.Refusals);
        Assert.All(Look(frames), Assert.Null);

        var request = frames[^1];
        Assert.Equal("it sends something else than requests.", Look([frames[0], With(request, FlagsAt + 2, (byte)((request[FlagsAt + 2] & 0xF0) | Response))])[1]);
        Assert.Equal("it sends something else than requests.", Look([frames[0], With(request, FlagsAt, (byte)(request[FlagsAt] | 0x80))])[1]);
        var key = SenderKeyAt(request);
        Assert.Equal("a message of its is not as Orleans writes it.", Look([frames[0], With(request, key, (byte)(request[key] ^ 1))])[1]);
        Assert.Equal("it sends a message in the name of somebody else.", Look([Replaced(frames[0], request.AsSpan(key, 32)), request])[1]);
        Assert.Equal("it says that it is one of the site's silos.", Look([Introduction("hosted-127.0.0.1:11111@1")])[0]);
        Assert.Null(Look([Introduction("0123456789abcdef0123456789abcdef hosted-site")])[0]);
        Assert.Null(Look([Renamed(frames[0], request, "0123456789abcdef0123456789abcdef"), Renamed(request, request, "0123456789abcdef0123456789abcdef")])[1]);
        Assert.All(["hosted-0123456789abcdef012345678", "0123456789abcdef0123456789abcdeF"], name => Assert.Equal(
            "it sends a message in the name of somebody else.", Look([Renamed(frames[0], request, name), Renamed(request, request, name)])[1]));
        Assert.Equal("it does not speak Orleans' protocol.", Look([Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\n\r\n")])[0]);

        await AssertEnds(silo, frames[0], With(request, FlagsAt + 2, (byte)((request[FlagsAt + 2] & 0xF0) | Response)));
        Assert.Equal(["it sends something else than requests."], silo.Refusals);
        await silo.Listen();
    }

    [Fact]
    public async Task Whatever_comes_is_looked_at_without_an_exception()
    {
        await using var silo = await ListenedSilo.Start();
        var frames = await silo.Listen();
        var random = new Random(7);
        for (var index = 0; index < 10_000; index++)
        {
            var frame = frames[random.Next(frames.Count)].ToArray();
            for (var change = random.Next(1, 6); change > 0; change--)
            {
                frame[random.Next(frame.Length)] = (byte)random.Next(256);
            }

            Look([frames[0], frame[..random.Next(frame.Length + 1)]]);
        }
    }

    private static List<string?> Look(IReadOnlyList<byte[]> frames)
    {
        var looked = new ClientFrames();
        return [.. frames.Select(frame => looked.Look(new ReadOnlySequence<byte>(frame), out _))];
    }

    private static byte[] With(byte[] frame, int at, byte value)
    {
        var changed = frame.ToArray();
        changed[at] = value;
        return changed;
    }

    /// <summary>The sender's key follows its type, a length and a hash.</summary>
    private static int SenderKeyAt(byte[] frame) => frame.AsSpan().IndexOf("sys.client"u8) + "sys.client".Length + 1 + sizeof(int);

    /// <summary>A frame of a client of another name, which is as long.</summary>
    private static byte[] Renamed(byte[] frame, byte[] request, string name)
    {
        var changed = frame.ToArray();
        var at = changed.AsSpan().IndexOf(request.AsSpan(SenderKeyAt(request), name.Length));
        Encoding.ASCII.GetBytes(name).CopyTo(changed, at);
        if (frame == request)
        {
            BitConverter.GetBytes(IdSpan.Create(name).GetHashCode()).CopyTo(changed, at - sizeof(int));
        }

        return changed;
    }

    private static byte[] Replaced(byte[] frame, ReadOnlySpan<byte> key)
    {
        var changed = frame.ToArray();
        changed[changed.AsSpan().IndexOf(key)] ^= 1;
        return changed;
    }

    private static byte[] Introduction(string text) => [.. BitConverter.GetBytes(text.Length), .. Encoding.ASCII.GetBytes(text)];

    private static async Task AssertEnds(ListenedSilo silo, params byte[][] frames)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, silo.Port, Cancellation);
        var stream = socket.GetStream();
        foreach (var frame in frames)
        {
            await stream.WriteAsync(frame, Cancellation);
        }

        var buffer = new byte[4096];
        try
        {
            while (await stream.ReadAsync(buffer, Cancellation).AsTask().WaitAsync(TimeSpan.FromSeconds(20), Cancellation) > 0)
            {
                // The silo's own introduction.
            }
        }
        catch (IOException)
        {
            // Reset is ended as well.
        }
    }
}
