using System.Net;
using System.Net.Sockets;
using OrleansEdge.Participation.Doctor;

namespace OrleansEdge.Silo.Doctor;

/// <summary>Whether a silo could listen on a port, or does already.</summary>
/// <param name="address">On which address.</param>
/// <param name="port">The port.</param>
/// <param name="option">The option that says which.</param>
/// <param name="findOwner">Finds who listens there.</param>
internal sealed class PortCheck(IPAddress address, int port, string option, Func<int, PortOwner?> findOwner) : IDoctorCheck
{
    private const string Subject = "port";

    /// <inheritdoc/>
    public Task<IReadOnlyList<Finding>> Look(CancellationToken cancellation) => Task.FromResult<IReadOnlyList<Finding>>([Judge()]);

    private Finding Judge()
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(address, port));
            socket.Listen(1);
            return Finding.Ok(Subject, $"{port} of {option} is free.");
        }
        catch (SocketException exception)
        {
            return exception.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse => InUse(findOwner(port)),
                SocketError.AddressNotAvailable => Finding.Problem(Subject, $"{port} cannot be opened, since {address} is no address of this machine: give one of those that 'ip address' shows."),
                SocketError.AccessDenied => Finding.Problem(Subject, $"{port} may not be opened by the user '{Environment.UserName}': choose one from 1024 on with {option}."),
                _ => Finding.Problem(Subject, $"{port} of {option} cannot be opened ({exception.Message.TrimEnd('.')}): choose another one with {option}."),
            };
        }
    }

    private Finding InUse(PortOwner? owner) => owner switch
    {
        { IsSilo: true } => Finding.Ok(Subject, $"{port} of {option} is in use by a silo that runs, process {owner.Process}."),
        not null => Finding.Problem(Subject, $"{port} is in use by '{owner.Name}', process {owner.Process}: end it, or choose another port with {option}."),
        null => Finding.Problem(Subject, $"{port} is in use by a process of another user: find it as root with 'ss -ltnp', or choose another port with {option}."),
    };
}
