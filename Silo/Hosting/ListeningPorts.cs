using System.Net;
using System.Net.Sockets;

namespace OrleansEdge.Silo.Hosting;

/// <summary>
/// The ports on which a site listens. Orleans opens its own so that others may share them, and two silos on one port would each get some of
/// the connections and notice nothing: so they are looked at before.
/// </summary>
internal static class ListeningPorts
{
    /// <summary>Checks that nobody listens on a port of the site.</summary>
    /// <exception cref="PortInUseException">Somebody does, or the site itself is to listen twice on one.</exception>
    public static void RequireFree(SiteOptions options)
    {
        (IPAddress Address, int Port, string Option)[] ports =
        [
            (options.Listen, options.Url.Port, "--urls"),
            (options.Listen, options.SiloPort, "--silo-port"),
            (options.Listen, options.GatewayPort, "--gateway-port"),
        ];
        var opened = new List<Socket>();
        try
        {
            foreach (var port in ports)
            {
                opened.Add(Open(port.Address, port.Port, port.Option));
            }
        }
        finally
        {
            opened.ForEach(socket => socket.Dispose());
        }
    }

    private static Socket Open(IPAddress address, int port, string option)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(address, port));
            socket.Listen(1);
            return socket;
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            socket.Dispose();
            throw new PortInUseException($"the port {port} is in use already: end the process that listens there, or choose another port with {option}.", exception);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>A port of the site is taken. The message is one sentence for a person.</summary>
internal sealed class PortInUseException(string message, Exception inner) : Exception(message, inner);
