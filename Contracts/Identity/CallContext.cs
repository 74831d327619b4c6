namespace OrleansEdge.Contracts.Identity;

/// <summary>What a call carries beside its arguments, in Orleans' <c>RequestContext</c>.</summary>
public static class CallContext
{
    /// <summary>The key of the caller's access token.</summary>
    public const string Token = "oe.token";

    /// <summary>
    /// The key of the participant or operator on whose behalf the site calls: said by the site, and believed only beside the site's own token.
    /// </summary>
    public const string Behalf = "oe.behalf";
}
