using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using OrleansEdge.Contracts.Identity;
using OrleansEdge.Contracts.Security.Transport;
using OrleansEdge.Grains.Audit;
using OrleansEdge.Silo.Web;

namespace OrleansEdge.Silo.Identity;

/// <summary>Says to whoever may not ask, in a sentence, that it is so; and notes it.</summary>
internal sealed class OperatorRefusals(IAuditLog audit) : IAuthorizationMiddlewareResultHandler
{
    /// <summary>Who shows nothing is told what to show.</summary>
    internal const string NeedsCredential =
        $"This needs an operator's credential: put a token of 'operators add' into the environment variable {OperatorCredential.Variable}, or name a file " +
        $"with it in {OperatorCredential.FileVariable}; the user that the silo runs as needs none on the same machine.";

    /// <inheritdoc/>
    public async Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        if (authorizeResult.Succeeded)
        {
            await next(context);
            return;
        }

        var name = OperatorAccess.NameOf(context.User);
        var status = name is null ? StatusCodes.Status401Unauthorized : StatusCodes.Status403Forbidden;
        var sentence = name is not null ? $"'{name}' may not do this: ask an admin of this site for a higher role."
            : (await context.AuthenticateAsync()).Failure?.Message ?? NeedsCredential;
        audit.Denied(new(name ?? "anonymous", $"{context.Request.Method} {RouteOf(context)}", AuditOutcome.Denied, From: AddressOf(context), Detail: sentence));
        context.Response.StatusCode = status;
        if (name is null)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
        }

        await context.Response.WriteAsJsonAsync(new ErrorAnswer(sentence), SiteJson.Options, context.RequestAborted);
    }

    /// <summary>Where a request comes from.</summary>
    internal static string? AddressOf(HttpContext context) => context.Connection.RemoteIpAddress is { } address ? PeerNetwork.Plain(address).ToString() : null;

    /// <summary>The pattern and not the path: what a stranger writes there is not to make entries of its own.</summary>
    private static string RouteOf(HttpContext context) => (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "nothing";
}
