using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using OrleansEdge.Contracts.Faults.Network;

namespace OrleansEdge.Benchmarks.Exchange;

/// <summary>
/// The yardstick of a link: so many bytes go one way over an open socket and as many come back, held up as the link holds them up, with nothing
/// checked, kept or written.
/// </summary>
/// <param name="link">What is wrong with the link.</param>
/// <param name="bytes">How many go each way.</param>
internal sealed class PacedExchange(NetworkFaults link, int bytes)
{
    /// <summary>What is held up at once, as by the faults of a link.</summary>
    private const int PieceLength = 16 * 1024;

    private readonly byte[] _piece = new byte[PieceLength];

    /// <summary>One exchange.</summary>
    /// <returns>How long it took, in seconds.</returns>
    public async Task<double> Run()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var near = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await near.ConnectAsync(listener.LocalEndpoint);
        using var far = await listener.AcceptSocketAsync();
        far.NoDelay = true;
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(SendAndReceive(near), ReceiveAndSend(far));
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private async Task SendAndReceive(Socket socket)
    {
        await Send(socket);
        await Receive(socket);
    }

    private async Task ReceiveAndSend(Socket socket)
    {
        await Receive(socket);
        await Send(socket);
    }

    private async Task Receive(Socket socket)
    {
        var block = new byte[TcpExchange.BlockLength];
        for (var received = 0; received < bytes;)
        {
            received += await socket.ReceiveAsync(block.AsMemory(0, Math.Min(block.Length, bytes - received)));
        }
    }

    private async Task Send(Socket socket)
    {
        var throttle = new Throttle(link.Bandwidth);
        var began = Stopwatch.GetTimestamp();
        for (var sent = 0; sent < bytes;)
        {
            var length = Math.Min(PieceLength, bytes - sent);

            // All of it is there to be sent from the beginning, and what is on its way does not hold up what leaves after it.
            var early = throttle.Send(TimeSpan.Zero, length) + link.Delay - Stopwatch.GetElapsedTime(began);
            if (early > TimeSpan.Zero)
            {
                await Task.Delay(early, TimeProvider.System);
            }

            await socket.SendAsync(_piece.AsMemory(0, length));
            sent += length;
        }
    }
}
