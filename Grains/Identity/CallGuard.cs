using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Identity;
using OrleansEdge.Grains.Audit;

namespace OrleansEdge.Grains.Identity;

/// <summary>
/// Looks at every call to a grain, a grain extension or a part of Orleans on this silo, and lets it through only if what it carries proves that
/// its caller may make it. Who Orleans says that has sent a message is not looked at: a client can write there what it likes.
/// </summary>
internal sealed class CallGuard(AccessTokens tokens, IEnrolledCertificates certificates, ICallOrigins origins, IAuditLog audit) : IIncomingGrainCallFilter
{
    private const string TraceParent = "traceparent";
    private const string TraceState = "tracestate";
    private const int TraceLength = 512;

    /// <inheritdoc/>
    public Task Invoke(IIncomingGrainCallContext context)
    {
        var rule = CallRule.Of(context.InterfaceMethod);
        if (TakeToken() is not { } token)
        {
            return Admit(context, rule, caller: null, CallRefusal.TokenRefused, "the call carries no token: this program is of a release that knows none.");
        }

        var found = tokens.Find(token);
        return found.IsCompletedSuccessfully ? Admit(context, rule, found.Result) : Verify(context, rule, found);
    }

    /// <summary>
    /// Takes the token from what came with the call. Orleans sends what is there back with the answer: the caller knows its token, and it would
    /// cost both ends as much again.
    /// </summary>
    private static string? TakeToken()
    {
        if (RequestContext.Get(CallContext.Token) is not string token)
        {
            return null;
        }

        // The answer is made where this filter's changes of the context are not seen, but they share what is in it; it is this call's alone.
        if (RequestContext.Entries is IDictionary<string, object> brought)
        {
            brought.Remove(CallContext.Token);
        }

        return token;
    }

    private async Task Verify(IIncomingGrainCallContext context, CallRule rule, ValueTask<Caller?> found) => await Admit(context, rule, await found);

    private Task Admit(IIncomingGrainCallContext context, CallRule rule, Caller? caller) => caller is null
        ? Admit(context, rule, caller, CallRefusal.TokenRefused, "the call's token is not valid, or not any more: ask for a new one.")
        : caller.Thumbprint is { } thumbprint && certificates.IsRevoked(thumbprint)
            ? Refuse(context, caller, CallRefusal.Revoked, $"'{caller.Subject}' was shut out by an operator of this site: ask there.")
            : Admit(context, rule, caller, CallRefusal.NotAllowed, $"{caller} may not call {Name(context)}.");

    private Task Admit(IIncomingGrainCallContext context, CallRule rule, Caller? caller, CallRefusal refusal, string sentence)
    {
        if (!IsAllowed(context, rule, caller))
        {
            return Refuse(context, caller, refusal, sentence);
        }

        if (caller is not { Role: Callers.Site })
        {
            Strip();
        }

        Caller.Current = caller;
        return context.Invoke();
    }

    private static bool IsAllowed(IIncomingGrainCallContext context, CallRule rule, Caller? caller)
    {
        if (caller is not null && (rule.Callers & caller.Role) != 0)
        {
            return caller.Role != Callers.Participant || rule.ActingFor switch
            {
                ActingFor.Key => caller.Owns(context.TargetId.Key),
                ActingFor.FirstArgument => Named(context) == caller.Subject,
                _ => true,
            };
        }

        return rule.Anonymous switch
        {
            AnonymousCall.Any => true,
            // What is read from a wire only names the method; a tick is a thing that has it.
            AnonymousCall.Tick => context.InterfaceMethod.DeclaringType!.IsInstanceOfType(context.Request),
            AnonymousCall.OfSender => context.Request.GetArgumentCount() > 0 && context.Request.GetArgument(0) is GrainId sender && sender == context.SourceId,
            _ => false,
        };
    }

    private static string? Named(IIncomingGrainCallContext context) => context.Request.GetArgumentCount() == 0 ? null : context.Request.GetArgument(0) switch
    {
        ParticipantId id => id.Value,
        INamesParticipant message => message.Participant.Value,
        _ => null,
    };

    /// <summary>What a stranger has put beside its call would go on with every call that follows from it. Its place in a trace may.</summary>
    private static void Strip()
    {
        if (!RequestContext.Entries.Any())
        {
            return;
        }

        var parent = RequestContext.Get(TraceParent) as string;
        var state = RequestContext.Get(TraceState) as string;
        RequestContext.Clear();
        if (parent is { Length: <= TraceLength })
        {
            RequestContext.Set(TraceParent, parent);
        }

        if (state is { Length: <= TraceLength })
        {
            RequestContext.Set(TraceState, state);
        }
    }

    private static string Name(IIncomingGrainCallContext context) => $"{context.InterfaceMethod.DeclaringType!.Name}.{context.InterfaceMethod.Name}";

    private Task Refuse(IIncomingGrainCallContext context, Caller? caller, CallRefusal reason, string sentence)
    {
        // Where the site itself is refused, what counts is who led it there.
        var behalf = caller is { Role: Callers.Site } ? RequestContext.Get(CallContext.Behalf) as string : null;
        audit.Denied(new(
            caller?.ToString() ?? "anonymous", Name(context), AuditOutcome.Denied, From: context.SourceId is { } sender ? origins.Find(sender) : null,
            Detail: behalf is null ? sentence : $"on behalf of {behalf}: {sentence}"));
        return Task.FromException(new CallRefusedException(reason, sentence));
    }
}
