using OrleansEdge.Grains.Identity;

namespace OrleansEdge.Silo.Identity.Gateway;

/// <summary>
/// The addresses of the clients of this silo's gateway. Which client a connection belongs to is what <see cref="ClientFrames"/> has made sure of, so
/// that a call can be followed back to its connection. Of a client that is only at other silos of the site, this one knows no address.
/// </summary>
internal sealed class ClientOrigins : ICallOrigins
{
    /// <summary>Connections that are remembered after their end: what came on them may only now be refused.</summary>
    private const int Remembered = 1024;

    private const string Unknown = "a connection of another silo, or one that has ended";

    private readonly Lock _lock = new();
    private readonly Dictionary<string, List<Connection>> _clients = [];
    private readonly Queue<Connection> _ended = [];

    /// <summary>How many clients are known.</summary>
    public int Known
    {
        get
        {
            lock (_lock)
            {
                return _clients.Count;
            }
        }
    }

    /// <summary>Takes a connection into account.</summary>
    /// <param name="client">The client's own part of its id.</param>
    /// <param name="address">The address at the other end.</param>
    /// <returns>Disposed of when the connection has ended.</returns>
    public IDisposable Enter(string client, string address)
    {
        var connection = new Connection(this, client, address);
        lock (_lock)
        {
            if (!_clients.TryGetValue(client, out var connections))
            {
                _clients[client] = connections = [];
            }

            connections.Add(connection);
        }

        return connection;
    }

    /// <inheritdoc/>
    public string? Find(GrainId sender)
    {
        var key = sender.Key.ToString() ?? "";
        if (!sender.IsClient() || key.StartsWith(ClientFrames.SiloClientText, StringComparison.Ordinal))
        {
            return null;
        }

        var end = key.IndexOf((char)ClientFrames.ObserverMark, StringComparison.Ordinal);
        return FindHere(end < 0 ? key : key[..end]) ?? Unknown;
    }

    private string? FindHere(string client)
    {
        lock (_lock)
        {
            if (!_clients.TryGetValue(client, out var connections))
            {
                return null;
            }

            // Of the addresses of a client that has come back, the one where it is.
            var living = connections.FindAll(connection => !connection.HasEnded);
            return string.Join(" or ", (living.Count > 0 ? living : connections).Select(connection => connection.Address).Distinct());
        }
    }

    private void Leave(Connection connection)
    {
        lock (_lock)
        {
            if (connection.HasEnded)
            {
                return;
            }

            connection.HasEnded = true;
            _ended.Enqueue(connection);
            if (_ended.Count > Remembered)
            {
                Forget(_ended.Dequeue());
            }
        }
    }

    private void Forget(Connection connection)
    {
        var connections = _clients[connection.Client];
        connections.Remove(connection);
        if (connections.Count == 0)
        {
            _clients.Remove(connection.Client);
        }
    }

    private sealed class Connection(ClientOrigins owner, string client, string address) : IDisposable
    {
        public string Client => client;

        public string Address => address;

        public bool HasEnded { get; set; }

        public void Dispose() => owner.Leave(this);
    }
}
