using System.Text;
using OrleansEdge.Contracts.Identity;
using OrleansEdge.Contracts.Security;

namespace OrleansEdge.Grains.Identity;

/// <summary>Who calls, as a token that was found valid says it.</summary>
/// <param name="Role">One of <see cref="Callers"/>.</param>
/// <param name="Subject">The participant's id, the operator's name, or the site's.</param>
/// <param name="Thumbprint">The certificate that the token is bound to; null without certificates.</param>
/// <param name="ExpiresAt">When the token ends.</param>
public sealed record Caller(Callers Role, string Subject, Thumbprint? Thumbprint, DateTimeOffset ExpiresAt)
{
    private static readonly AsyncLocal<Caller?> OfThisCall = new();

    /// <summary>
    /// Who made the call that is being carried out; null where there is none, or where it is one of the few that need no token. What a grain
    /// does on its own account later may still show the call that led to it.
    /// </summary>
    public static Caller? Current
    {
        get => OfThisCall.Value;
        internal set
        {
            if (!ReferenceEquals(OfThisCall.Value, value))
            {
                OfThisCall.Value = value;
            }
        }
    }

    /// <summary>
    /// On whose behalf the call that is being carried out is made: its caller's, or, where that is the site itself, that of whoever led the site to
    /// it. Null where it is nobody's.
    /// </summary>
    public static string? OnBehalfOf => Current switch
    {
        null => null,
        { Role: Callers.Site } => RequestContext.Get(CallContext.Behalf) as string,
        { } caller => caller.ToString(),
    };

    /// <summary>Whether a grain's key is the caller's own id, which is in ASCII.</summary>
    internal bool Owns(IdSpan key) => Ascii.Equals(key.AsSpan(), Subject);

    /// <summary>As it is written in logs.</summary>
    public override string ToString() => $"{Role.ToString().ToLowerInvariant()} '{Subject}'";
}
