using System.Buffers;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using OrleansEdge.Contracts.Identity;
using OrleansEdge.Grains.Identity;
using OrleansEdge.Silo.Hosting.Limits;
using OrleansEdge.Silo.Identity.Gateway;

namespace OrleansEdge.Silo.Tests.Identity.Gateway;

public sealed class CallerRatesTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly CallerRates _rates;
    private TaskCompletionSource<Caller?>? _verification;

    public CallerRatesTests() => _rates = new(new() { CallsPerSecond = 10, CallBurst = 100 }, Find, _time);

    [Fact]
    public void Caller_may_send_much_for_a_moment_and_little_for_long()
    {
        var connection = new ConnectionCallers(_rates);
        Assert.All(Enumerable.Range(0, 100), _ => Assert.Equal(TimeSpan.Zero, Charge(connection, "eyJ.dev1")));
        Assert.Equal(TimeSpan.FromSeconds(0.1), Charge(connection, "eyJ.dev1"));
        _time.Advance(TimeSpan.FromSeconds(0.2));
        Assert.Equal(TimeSpan.Zero, Charge(connection, "eyJ.dev1"));
    }

    [Fact]
    public void Caller_has_one_budget_on_all_its_connections_and_with_all_its_tokens()
    {
        Exhaust(new(_rates), "eyJ.dev1");
        Assert.NotEqual(TimeSpan.Zero, Charge(new(_rates), "eyJ.dev1"));
        Assert.NotEqual(TimeSpan.Zero, Charge(new(_rates), "eyJ.dev1.renewed"));
        Assert.Equal(1, _rates.Known);
    }

    [Fact]
    public void Callers_that_share_a_connection_do_not_share_a_budget()
    {
        var connection = new ConnectionCallers(_rates);
        Exhaust(connection, "eyJ.dev1");
        Assert.Equal(TimeSpan.Zero, Charge(connection, "eyJ.dev2"));
    }

    [Fact]
    public void Tokens_that_are_not_valid_share_the_connections_budget_however_many_there_are()
    {
        var connection = new ConnectionCallers(_rates);
        Assert.All(Enumerable.Range(0, 100), index => Assert.Equal(TimeSpan.Zero, Charge(connection, $"eyJ.forged{index}")));
        Assert.NotEqual(TimeSpan.Zero, Charge(connection, "eyJ.forged"));
        Assert.NotEqual(TimeSpan.Zero, Charge(connection, ""));
        Assert.Equal(0, _rates.Known);
        Assert.Equal(TimeSpan.Zero, Charge(connection, "eyJ.dev1"));
    }

    [Fact]
    public async Task Token_counts_for_its_caller_as_soon_as_it_was_verified()
    {
        _verification = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var connection = new ConnectionCallers(_rates);
        Charge(connection, "eyJ.dev1");
        _verification.SetResult(Device("dev1"));
        while (_rates.Known == 0)
        {
            await Task.Yield();
        }

        Exhaust(new(_rates), "eyJ.dev1");
        while (Charge(connection, "eyJ.dev1") == TimeSpan.Zero)
        {
            await Task.Yield();
        }
    }

    [Fact]
    public void Caller_that_was_away_for_long_is_forgotten()
    {
        Charge(new(_rates), "eyJ.dev1");
        _rates.Forget();
        Assert.Equal(1, _rates.Known);
        _time.Advance(TimeSpan.FromMinutes(11));
        _rates.Forget();
        Assert.Equal(0, _rates.Known);
    }

    private static Caller Device(string name) => new(Callers.Participant, name, null, DateTimeOffset.MaxValue);

    private static TimeSpan Charge(ConnectionCallers connection, string token) => connection.Charge(new ReadOnlySequence<byte>(Encoding.ASCII.GetBytes(token)));

    private static void Exhaust(ConnectionCallers connection, string token)
    {
        while (Charge(connection, token) == TimeSpan.Zero)
        {
            // There is some left.
        }
    }

    private ValueTask<Caller?> Find(string token) => _verification is { } verification
        ? new(verification.Task)
        : new(token.StartsWith("eyJ.dev", StringComparison.Ordinal) ? Device(token.Split('.')[1]) : null);
}
