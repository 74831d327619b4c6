using OrleansEdge.Contracts.Identity;

namespace OrleansEdge.EdgeAgent.Identity;

/// <summary>Puts the token of whoever calls beside each call.</summary>
internal sealed class AccessTokenFilter : IOutgoingGrainCallFilter
{
    /// <inheritdoc/>
    public async Task Invoke(IOutgoingGrainCallContext context)
    {
        if (AccessTokenSource.Current is { } tokens)
        {
            RequestContext.Set(CallContext.Token, await tokens.Get());
        }

        await context.Invoke();
    }
}
