using OrleansEdge.Contracts.Identity;

namespace OrleansEdge.Participation.Identity;

/// <summary>Puts the token of whoever calls beside each call.</summary>
internal sealed class AccessTokenFilter : IOutgoingGrainCallFilter
{
    /// <inheritdoc/>
    public Task Invoke(IOutgoingGrainCallContext context)
    {
        if (AccessTokenSource.Current is not { } tokens)
        {
            // What this flow carries may be meant for somebody else: a silo speaks to its parent, too.
            RequestContext.Remove(CallContext.Token);
            return context.Invoke();
        }

        var token = tokens.Get();
        return token.IsCompletedSuccessfully ? Invoke(context, token.Result) : Wait(context, token);
    }

    private static Task Invoke(IOutgoingGrainCallContext context, string token)
    {
        if (!ReferenceEquals(RequestContext.Get(CallContext.Token), token))
        {
            RequestContext.Set(CallContext.Token, token);
        }

        return context.Invoke();
    }

    private static async Task Wait(IOutgoingGrainCallContext context, ValueTask<string> token) => await Invoke(context, await token);
}
