using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using OrleansEdge.Benchmarks.Processes;

namespace OrleansEdge.Benchmarks.Exchange;

/// <summary>
/// The yardstick of a round: this process sends as many bytes to each of as many processes and gets as many back from each, all processes at
/// once, over sockets that stay open, with nothing checked, kept or written.
/// </summary>
internal sealed class TcpExchange : IDisposable
{
    /// <summary>What is passed to a socket at once, at either end.</summary>
    public const int BlockLength = 1 << 18;

    private readonly byte[] _outgoing;
    private readonly List<ChildProcess> _leaves;
    private readonly List<Socket> _sockets;

    private TcpExchange(int bytes, List<ChildProcess> leaves, List<Socket> sockets)
    {
        _outgoing = new byte[bytes];
        Random seeded = new(1);
        seeded.NextBytes(_outgoing);
        _leaves = leaves;
        _sockets = sockets;
    }

    /// <summary>Starts the processes and connects them.</summary>
    public static TcpExchange Start(int processes, int bytes, WorkFolder work)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start(processes);
        var port = ((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        var leaves = Enumerable.Range(0, processes).Select(index => ChildProcess.StartSelf(
            work.At($"leaf{index}.log"), ExchangeLeafCommand.Verb, "--port", port, "--bytes", bytes.ToString(CultureInfo.InvariantCulture))).ToList();
        var sockets = leaves.ConvertAll(_ => listener.AcceptSocket());
        sockets.ForEach(socket => socket.NoDelay = true);
        return new(bytes, leaves, sockets);
    }

    /// <summary>One exchange with everyone.</summary>
    /// <returns>How long it took, in seconds.</returns>
    public double Run()
    {
        var started = Stopwatch.GetTimestamp();
        var threads = _sockets.ConvertAll(socket => new Thread(() => Exchange(socket)));
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _sockets.ForEach(socket => socket.Dispose());
        _leaves.ForEach(leaf => leaf.Dispose());
    }

    /// <summary>Sends everything.</summary>
    public static void Send(Socket socket, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[socket.Send(bytes[..Math.Min(BlockLength, bytes.Length)])..];
        }
    }

    /// <summary>Receives a number of bytes into a block that is used again and again.</summary>
    /// <returns>False if the other end has gone.</returns>
    public static bool Receive(Socket socket, byte[] block, int bytes)
    {
        for (var received = 0; received < bytes;)
        {
            var count = socket.Receive(block.AsSpan(0, Math.Min(block.Length, bytes - received)));
            if (count == 0)
            {
                return false;
            }

            received += count;
        }

        return true;
    }

    private void Exchange(Socket socket)
    {
        Send(socket, _outgoing);
        if (!Receive(socket, new byte[BlockLength], _outgoing.Length))
        {
            throw new BenchmarkException("a process of the plain exchange has ended.");
        }
    }
}
