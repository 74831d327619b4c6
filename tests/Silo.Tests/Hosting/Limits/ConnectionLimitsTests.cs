using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using OrleansEdge.Silo.Hosting.Limits;

namespace OrleansEdge.Silo.Tests.Hosting.Limits;

public sealed class ConnectionLimitsTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly GatewayLimitOptions _options = new() { ConnectionsPerAddress = 3, Connections = 5, NewConnectionsPerSecond = 1 };
    private readonly ListLogger _log = new();
    private readonly Refusals _refusals;
    private readonly ConnectionLimits _limits;
    private readonly TaskCompletionSource _end = new();
    private int _served;

    public ConnectionLimitsTests()
    {
        _refusals = new(_options, _time, _log);
        _limits = new("gateway", _options, _refusals, _time);
    }

    [Fact]
    public async Task More_connections_of_one_address_than_allowed_are_closed_and_others_are_served()
    {
        var open = Enumerable.Range(0, 4).Select(_ => Connect("10.0.0.7")).ToList();
        Assert.Equal(3, _served);
        open.Add(Connect("10.0.0.8"));
        Assert.Equal(4, _served);
        Assert.Equal(1, _refusals.Count);
        Assert.Contains("10.0.0.7 has more connections to the gateway", Assert.Single(_log.Lines), StringComparison.Ordinal);

        _end.SetResult();
        await Task.WhenAll(open);
        Assert.Equal(0, _limits.Connections);
    }

    [Fact]
    public async Task Addresses_of_IPv6_that_one_host_can_have_count_as_one()
    {
        var open = Enumerable.Range(1, 4).Select(index => Connect($"2001:db8:1:2::{index}")).ToList();
        Assert.Equal(3, _served);
        open.Add(Connect("2001:db8:1:3::1"));
        Assert.Equal(4, _served);
        Assert.Contains("2001:db8:1:2::/64 has more connections to the gateway", Assert.Single(_log.Lines), StringComparison.Ordinal);
        _end.SetResult();
        await Task.WhenAll(open);
    }

    [Fact]
    public async Task All_addresses_together_have_a_limit_too()
    {
        var open = Enumerable.Range(0, 6).Select(index => Connect($"10.0.0.{index}")).ToList();
        Assert.Equal(5, _served);
        _end.SetResult();
        await Task.WhenAll(open);
    }

    [Fact]
    public async Task Opening_and_dropping_without_end_is_closed_and_logged_once_until_it_is_forgotten()
    {
        _end.SetResult();
        for (var index = 0; index < 200; index++)
        {
            await Connect("10.0.0.7");
        }

        Assert.Equal(10, _served);
        Assert.Equal(190, _refusals.Count);
        Assert.Single(_log.Lines);

        _time.Advance(TimeSpan.FromSeconds(2));
        await Connect("10.0.0.7");
        Assert.Equal(11, _served);

        _time.Advance(_options.Memory + TimeSpan.FromSeconds(1));
        _limits.Forget();
        _refusals.Forget();
        Assert.Equal((0, 0), (_limits.Known, _refusals.Remembered));
    }

    [Fact]
    public void Floods_of_peers_are_counted_and_not_all_remembered()
    {
        for (var index = 0; index < 10_000; index++)
        {
            _refusals.Note($"10.{index}", RefusalReason.Oversize, "does something.");
        }

        Assert.Equal(10_000, _refusals.Count);
        Assert.Equal(4096, _refusals.Remembered);
        Assert.Equal(4096, _log.Lines.Count);
    }

    private Task Connect(string address)
    {
        var context = new DefaultConnectionContext { RemoteEndPoint = new IPEndPoint(IPAddress.Parse(address), 40_000) };
        return _limits.OnConnectionAsync(context, _ =>
        {
            _served++;
            return _end.Task;
        });
    }

    private sealed class ListLogger : ILogger<Refusals>
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add(formatter(state, exception));
    }
}
