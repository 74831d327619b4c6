using OrleansEdge.Contracts.Sites;
using OrleansEdge.Grains.Sites;
using OrleansEdge.Participation.Connection;
using OrleansEdge.Silo.Hosting;

namespace OrleansEdge.Silo.Uplink;

/// <summary>How the link to the parent stands. Safe for several threads.</summary>
/// <param name="parent">Where the parent is.</param>
/// <param name="time">The clock.</param>
internal sealed class ParentLink(Uri parent, TimeProvider time)
{
    private readonly Lock _gate = new();
    private SiteConnection? _connection;
    private bool _isUp;
    private DateTimeOffset _since = time.GetUtcNow();
    private string? _trouble = "the parent has not answered yet.";

    /// <summary>Counts what goes over it.</summary>
    public ByteMeter Meter { get; } = new();

    /// <summary>How it stands.</summary>
    public UplinkStatus Status
    {
        get
        {
            lock (_gate)
            {
                return new()
                {
                    Parent = parent,
                    ParentName = _connection?.Site.Name,
                    Connected = _isUp,
                    Since = _since,
                    RoundTripMilliseconds = Math.Round(_connection?.RoundTrip.TotalMilliseconds ?? 0, 2),
                    BytesUp = Meter.Written,
                    BytesDown = Meter.Read,
                    Trouble = _trouble ?? ClockTrouble,
                };
            }
        }
    }

    /// <summary>What is the matter with the clocks; null for nothing.</summary>
    public string? ClockTrouble => _connection?.ClockTrouble("the parent");

    /// <summary>The sites above, the nearest first.</summary>
    public IReadOnlyList<string> Ancestors
    {
        get
        {
            lock (_gate)
            {
                return _connection is { } connection ? [connection.Site.Name, .. connection.Latest.Ancestors] : [];
            }
        }
    }

    /// <summary>There is a connection, or there is none any more.</summary>
    public void Use(SiteConnection? connection)
    {
        lock (_gate)
        {
            _connection = connection ?? _connection;
        }
    }

    /// <summary>The parent answers, or does not.</summary>
    /// <param name="trouble">Why it does not; null when it does.</param>
    public void Set(string? trouble)
    {
        lock (_gate)
        {
            _trouble = trouble;
            if (_isUp != trouble is null)
            {
                _isUp = !_isUp;
                _since = time.GetUtcNow();
            }
        }
    }

    /// <summary>What the parent is told of it.</summary>
    public SiteLink Report()
    {
        var status = Status;
        return new(status.Since, status.RoundTripMilliseconds, status.BytesUp, status.BytesDown);
    }
}
