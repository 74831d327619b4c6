using Microsoft.Extensions.Time.Testing;
using Orleans.Runtime;
using OrleansEdge.Contracts.Identity;
using OrleansEdge.Participation.Identity;

namespace OrleansEdge.EdgeAgent.Tests.Security;

/// <summary>Whose token goes with which call.</summary>
public sealed class AccessTokenSourceTests
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private readonly FakeTimeProvider _time = new();
    private int _asked;

    [Fact]
    public async Task A_token_is_asked_for_once_by_however_many_calls()
    {
        var answer = new TaskCompletionSource<TokenReply>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var tokens = new AccessTokenSource(
            _ =>
            {
                _asked++;
                return answer.Task;
            },
            _time);
        tokens.Enter();
        var calls = Enumerable.Range(0, 20).Select(_ => AccessTokenSource.Call(Carried)).ToList();
        answer.SetResult(new("the token", Lifetime.TotalSeconds));

        Assert.All(await Task.WhenAll(calls), carried => Assert.Equal("the token", carried));
        Assert.Equal(1, _asked);
    }

    [Fact]
    public async Task A_token_is_renewed_before_it_ends_and_when_the_site_has_refused_it()
    {
        using var tokens = Source("dev1");
        tokens.Enter();
        Assert.Equal("dev1 #1", await AccessTokenSource.Call(Carried));

        _time.Advance(0.59 * Lifetime);
        Assert.Equal("dev1 #1", await AccessTokenSource.Call(Carried));
        _time.Advance(0.02 * Lifetime);
        Assert.Equal("dev1 #2", await AccessTokenSource.Call(Carried));
        tokens.Forget();
        Assert.Equal("dev1 #3", await AccessTokenSource.Call(Carried));
    }

    [Fact]
    public async Task Each_turn_of_a_loop_carries_the_token_that_is_known_by_then()
    {
        using var tokens = Source("dev1");
        tokens.Enter();
        Assert.Null(await Carried());

        await AccessTokenSource.Call(Carried);
        tokens.Enter();
        Assert.Equal("dev1 #1", await Carried());
        _time.Advance(Lifetime);
        Assert.Equal("dev1 #2", await AccessTokenSource.Call(Carried));
        tokens.Enter();
        Assert.Equal("dev1 #2", await Carried());
    }

    [Fact]
    public async Task Participants_of_one_process_carry_their_own_tokens_and_nobody_carries_none()
    {
        using var first = Source("dev1");
        using var second = Source("dev2");
        var carried = await Task.WhenAll(Participate(first), Participate(second));

        Assert.StartsWith("dev1", carried[0], StringComparison.Ordinal);
        Assert.StartsWith("dev2", carried[1], StringComparison.Ordinal);
        Assert.Null(AccessTokenSource.Current);
        Assert.Null(await AccessTokenSource.Call(Carried));

        // Whoever goes on in the flow of another leaves that one's token behind.
        first.Enter();
        await AccessTokenSource.Call(Carried);
        first.Enter();
        second.Enter();
        Assert.StartsWith("dev2", await AccessTokenSource.Call(Carried), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_site_that_gives_no_token_is_asked_again_by_the_next_call()
    {
        using var tokens = new AccessTokenSource(
            _ => ++_asked == 1 ? throw new HttpRequestException("nobody answers") : Task.FromResult(new TokenReply("the token", 60)), _time);
        tokens.Enter();

        await Assert.ThrowsAsync<HttpRequestException>(() => AccessTokenSource.Call(Carried));
        Assert.Equal("the token", await AccessTokenSource.Call(Carried));
    }

    private static async Task<string> Participate(AccessTokenSource tokens)
    {
        tokens.Enter();
        return (await AccessTokenSource.Call(Carried))!;
    }

    private static Task<string?> Carried() => Task.FromResult(RequestContext.Get(CallContext.Token) as string);

    private AccessTokenSource Source(string name) => new(_ => Task.FromResult(new TokenReply($"{name} #{++_asked}", Lifetime.TotalSeconds)), _time);
}
