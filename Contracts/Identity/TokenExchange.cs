using OrleansEdge.Contracts.Identifiers;

namespace OrleansEdge.Contracts.Identity;

/// <summary>
/// What is asked of a site's HTTP port at <see cref="Path"/>, as JSON in camel case. Where the connection has a client certificate, that proves
/// who asks; an operator's credential in the <c>Authorization</c> header does so for an operator.
/// </summary>
/// <param name="Participant">For whom; null for an operator.</param>
/// <param name="InstanceKey">What proves it where there are no certificates: see <see cref="Participants.Registration.InstanceKey"/>.</param>
public sealed record TokenRequest(string? Participant, string? InstanceKey)
{
    /// <summary>Where it is asked, with POST.</summary>
    public const string Path = "/identity/token";

    /// <summary>The largest request, in bytes.</summary>
    public const int MaximumLength = 4096;

    /// <summary>Without the key.</summary>
    public override string ToString() => $"request for a token of {Participant ?? "an operator"}";
}

/// <summary>An access token.</summary>
/// <param name="Token">What each call carries; nobody but the site reads it.</param>
/// <param name="SecondsLeft">How long it is valid from now on, in seconds. A number, because clocks differ.</param>
public sealed record TokenReply(string Token, double SecondsLeft)
{
    /// <summary>Without the token.</summary>
    public override string ToString() => System.FormattableString.Invariant($"token for {SecondsLeft:0} s");
}

/// <summary>Why a token was refused.</summary>
/// <param name="Error">One sentence for a person.</param>
public sealed record TokenRefusal(string Error);
