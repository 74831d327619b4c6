namespace OrleansEdge.Contracts.Identity;

/// <summary>Why a call was refused.</summary>
public enum CallRefusal
{
    /// <summary>The caller may not do this; the same again cannot succeed.</summary>
    NotAllowed = 0,

    /// <summary>There is no token, or it is not valid, or not any more: with a new one the call may succeed.</summary>
    TokenRefused = 1,

    /// <summary>The caller was shut out.</summary>
    Revoked = 2,
}

/// <summary>The site refuses a call because of who calls. The message is one sentence for a person.</summary>
[GenerateSerializer, Alias(Aliases.CallRefusedException)]
public sealed class CallRefusedException : Exception
{
    /// <summary>A refusal.</summary>
    public CallRefusedException(CallRefusal reason, string message)
        : base(message) => Reason = reason;

    /// <summary>Why.</summary>
    [Id(0)]
    public CallRefusal Reason { get; private set; }
}
