using OrleansEdge.Contracts.Identity;

namespace OrleansEdge.Grains.Identity;

/// <summary>
/// Signs what this silo calls, from a grain, from Orleans or from the web, with the site's own token, and says on whose behalf. What goes to a
/// client is not signed: it would hold the token in its hands.
/// </summary>
internal sealed class CallSigner(AccessTokens tokens) : IOutgoingGrainCallFilter
{
    /// <inheritdoc/>
    public Task Invoke(IOutgoingGrainCallContext context)
    {
        if (context.TargetId.IsClient())
        {
            RequestContext.Remove(CallContext.Token);
            return context.Invoke();
        }

        var own = tokens.Own;
        if (!ReferenceEquals(RequestContext.Get(CallContext.Token), own))
        {
            RequestContext.Set(CallContext.Token, own);
        }

        if (Caller.Current is { Role: not Callers.Site } caller)
        {
            RequestContext.Set(CallContext.Behalf, caller.ToString());
        }

        return context.Invoke();
    }
}
