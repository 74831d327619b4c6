using System.Collections.Concurrent;
using OrleansEdge.Grains.Identity;
using OrleansEdge.Silo.Hosting.Limits;

namespace OrleansEdge.Silo.Identity.Gateway;

/// <summary>
/// How much each caller may still send to this silo, whichever connections it uses: several callers can share one, and one can have several. Who
/// calls is what a valid token says.
/// </summary>
/// <param name="options">The limits.</param>
/// <param name="find">Who a token says that calls; null where it is not valid.</param>
/// <param name="time">The clock.</param>
internal sealed class CallerRates(GatewayLimitOptions options, Func<string, ValueTask<Caller?>> find, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Entry> _callers = [];

    /// <summary>How many callers are known.</summary>
    public int Known => _callers.Count;

    /// <summary>A budget for what nobody in particular sends.</summary>
    public RateBudget Create() => new(options.CallsPerSecond, options.CallBurst / (double)Math.Max(1, options.CallsPerSecond), time);

    /// <summary>The budget of whoever has a token; null where the token is not valid.</summary>
    public ValueTask<RateBudget?> Find(string token)
    {
        var found = find(token);
        return found.IsCompletedSuccessfully ? new(BudgetOf(found.Result)) : Wait(found);
    }

    /// <summary>Forgets callers that have long not been heard of.</summary>
    public void Forget()
    {
        var horizon = time.GetUtcNow() - options.Memory;
        foreach (var entry in _callers.Where(entry => entry.Value.LastSeen < horizon).ToList())
        {
            _callers.TryRemove(entry);
        }
    }

    private async ValueTask<RateBudget?> Wait(ValueTask<Caller?> found) => BudgetOf(await found);

    private RateBudget? BudgetOf(Caller? caller)
    {
        if (caller is null)
        {
            return null;
        }

        var entry = _callers.GetOrAdd(caller.ToString(), _ => new(Create()));
        entry.LastSeen = time.GetUtcNow();
        return entry.Budget;
    }

    private sealed class Entry(RateBudget budget)
    {
        public RateBudget Budget => budget;

        public DateTimeOffset LastSeen { get; set; }
    }
}
