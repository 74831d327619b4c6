using System.Collections.Concurrent;
using System.Reflection;
using OrleansEdge.Contracts.Identity;

namespace OrleansEdge.Grains.Identity;

/// <summary>Who may call a method.</summary>
/// <param name="Callers">Who; nobody where nothing is declared.</param>
/// <param name="ActingFor">For whom a participant may call.</param>
/// <param name="Anonymous">What is allowed to those without a token.</param>
internal sealed record CallRule(Callers Callers, ActingFor ActingFor = ActingFor.Anyone, AnonymousCall Anonymous = AnonymousCall.None)
{
    private static readonly ConcurrentDictionary<MethodInfo, CallRule> Rules = [];

    /// <summary>The rule of a grain interface's method: what it declares itself, or else its interface; Orleans' own are in <see cref="OrleansCalls"/>.</summary>
    public static CallRule Of(MethodInfo method) => Rules.GetOrAdd(method, Read);

    private static CallRule Read(MethodInfo method)
    {
        var declaring = method.DeclaringType!;
        if (OrleansCalls.AreOf(declaring))
        {
            return OrleansCalls.RuleOf(method);
        }

        var declared = method.GetCustomAttribute<CallableByAttribute>() ?? declaring.GetCustomAttribute<CallableByAttribute>();
        return declared is null ? new(Callers.None) : new(declared.Callers, declared.ActingFor);
    }
}

/// <summary>What is allowed to those without a token.</summary>
internal enum AnonymousCall
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The call.</summary>
    Any = 1,

    /// <summary>The call, if it concerns another call of the same sender: the first argument is the sender.</summary>
    OfSender = 2,

    /// <summary>The call, if it never was on a wire: a tick of a grain's own timer, which carries what its grain did when it set the timer.</summary>
    Tick = 3,
}
