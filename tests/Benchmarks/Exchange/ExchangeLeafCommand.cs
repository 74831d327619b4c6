using System.CommandLine;
using System.Net;
using System.Net.Sockets;

namespace OrleansEdge.Benchmarks.Exchange;

/// <summary>The other end of a <see cref="TcpExchange"/>: takes so many bytes, then sends so many, until the hub has gone.</summary>
internal static class ExchangeLeafCommand
{
    /// <summary>The verb.</summary>
    public const string Verb = "exchange-leaf";

    /// <summary>Makes the verb.</summary>
    public static Command Create()
    {
        var port = new Option<int>("--port") { Required = true };
        var bytes = new Option<int>("--bytes") { Required = true };
        var command = new Command(Verb, "A process of the plain exchange.") { port, bytes };
        command.Hidden = true;
        command.SetAction(arguments => Run(arguments.GetRequiredValue(port), arguments.GetRequiredValue(bytes)));
        return command;
    }

    private static void Run(int port, int bytes)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(IPAddress.Loopback, port);
        var block = new byte[TcpExchange.BlockLength];
        var outgoing = new byte[bytes];
        try
        {
            while (TcpExchange.Receive(socket, block, bytes))
            {
                TcpExchange.Send(socket, outgoing);
            }
        }
        catch (SocketException)
        {
            // The hub has gone.
        }
    }
}
