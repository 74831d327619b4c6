using System.Net;
using System.Net.Sockets;

namespace OrleansEdge.Participation.Doctor;

/// <summary>Another machine that this one needs.</summary>
/// <param name="Role">What it is to this one: <c>site</c>, <c>parent</c>, <c>redis</c>, <c>store</c>.</param>
/// <param name="Host">Its name or address.</param>
/// <param name="Port">Its port.</param>
/// <param name="Option">The option that says where it is.</param>
internal sealed record Server(string Role, string Host, int Port, string Option)
{
    /// <summary>A server by its address.</summary>
    public static Server Of(string role, Uri address, string option) => new(role, address.IdnHost, address.Port, option);

    /// <inheritdoc/>
    public override string ToString() => $"{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port}";
}

/// <summary>Whether a server's name can be looked up, and then whether it takes connections.</summary>
internal sealed class ServerCheck(Server server, Machine machine) : IDoctorCheck
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<Finding>> Look(CancellationToken cancellation)
    {
        var name = await LookUp(cancellation);
        return name.Severity == Severity.Ok ? [name, await Connect(cancellation)] : [name];
    }

    private async Task<Finding> LookUp(CancellationToken cancellation)
    {
        var subject = $"name of the {server.Role}";
        if (IPAddress.TryParse(server.Host, out _))
        {
            return Finding.Ok(subject, $"{server.Host} is an address, so there is nothing to look up.");
        }

        string why;
        try
        {
            var addresses = await machine.Resolve(server.Host, cancellation);
            if (addresses.Length > 0)
            {
                return Finding.Ok(subject, $"{server.Host} is {string.Join(", ", addresses.Select(address => address.ToString()))}.");
            }

            why = "it has no address";
        }
        catch (Exception exception) when (exception is SocketException or TimeoutException)
        {
            why = exception is TimeoutException ? "no name server answers" : exception.Message.TrimEnd('.');
        }

        return Finding.Problem(
            subject, $"{server.Host} cannot be looked up ({why}): check {server.Option} for a slip, and this machine's name servers in /etc/resolv.conf, or write it into /etc/hosts.");
    }

    private async Task<Finding> Connect(CancellationToken cancellation)
    {
        try
        {
            await machine.Connect(server.Host, server.Port, cancellation);
            return Finding.Ok(server.Role, $"{server} takes connections.");
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionRefused)
        {
            return Finding.Problem(server.Role, $"Nothing listens at {server}: start it there, or correct {server.Option}.");
        }
        catch (Exception exception) when (exception is SocketException or TimeoutException)
        {
            var why = exception is TimeoutException or SocketException { SocketErrorCode: SocketError.TimedOut } ? "no answer" : exception.Message.TrimEnd('.');
            return Finding.Problem(server.Role,
                $"{server} cannot be reached ({why}): see that the machine is on, that the network leads there, and that no firewall drops connections to port {server.Port}.");
        }
    }
}
