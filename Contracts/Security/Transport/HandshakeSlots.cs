using System.Net;

namespace OrleansEdge.Contracts.Security.Transport;

/// <summary>
/// The connections of a port that have not said yet who they are. There is a limit to them, so that they cannot use up the silo, and each address has
/// a share of it, so that one that says nothing keeps nobody waiting but those who come from the same place.
/// </summary>
/// <remarks>
/// Who finds its address's share taken waits for its turn, and is not turned away: many devices on one machine, or behind one router, come in one
/// after the other, at some hundreds a second. Loopback is an address like any other.
/// </remarks>
/// <param name="most">How many there may be in all.</param>
internal sealed class HandshakeSlots(int most)
{
    private const int Shares = 8;

    private readonly int _share = Math.Max(1, most / Shares);
    private readonly Dictionary<PeerNetwork, Place> _places = [];
    private readonly Lock _lock = new();
    private int _taken;

    /// <summary>Why there was no slot.</summary>
    public string Sentence => $"too many connections have not said yet who they are: {most} in all, or {_share} from its address";

    /// <summary>Takes a slot, or waits for one.</summary>
    /// <returns>Disposed of when it is known who is there; null if there was none.</returns>
    public async Task<IDisposable?> Take(EndPoint? from, CancellationToken cancellation)
    {
        var place = Enter(PeerNetwork.Of((from as IPEndPoint)?.Address ?? IPAddress.None));
        var slot = await HasTurn(place, cancellation) ? new Slot(this, place) : null;
        if (slot is null)
        {
            Leave(place);
        }
        else if (Volatile.Read(ref _taken) > most)
        {
            slot.Dispose();
            slot = null;
        }

        return slot;
    }

    private static async Task<bool> HasTurn(Place place, CancellationToken cancellation)
    {
        try
        {
            await place.Turns.WaitAsync(cancellation);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private Place Enter(PeerNetwork address)
    {
        lock (_lock)
        {
            if (!_places.TryGetValue(address, out var place))
            {
                _places[address] = place = new(address, new(_share));
            }

            place.Connections++;
            return place;
        }
    }

    private void Leave(Place place)
    {
        lock (_lock)
        {
            if (--place.Connections == 0)
            {
                _places.Remove(place.Address);
                place.Turns.Dispose();
            }
        }
    }

    private sealed record Place(PeerNetwork Address, SemaphoreSlim Turns)
    {
        /// <summary>Those that have a slot and those that wait.</summary>
        public int Connections { get; set; }
    }

    private sealed class Slot : IDisposable
    {
        private readonly HandshakeSlots _slots;
        private readonly Place _place;

        public Slot(HandshakeSlots slots, Place place)
        {
            (_slots, _place) = (slots, place);
            Interlocked.Increment(ref slots._taken);
        }

        public void Dispose()
        {
            Interlocked.Decrement(ref _slots._taken);
            _place.Turns.Release();
            _slots.Leave(_place);
        }
    }
}
