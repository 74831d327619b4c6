using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace OrleansEdge.Silo.Identity;

/// <summary>Finds out which operator asks, by a token of the site's own in the <c>Authorization</c> header.</summary>
internal sealed class OperatorAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logging, UrlEncoder encoder, OperatorStore operators, LocalOperator local)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logging, encoder)
{
    /// <summary>The scheme's name.</summary>
    public const string SchemeName = "OperatorToken";

    private const string BearerPrefix = "Bearer ";

    /// <summary>The token of a request; null if it has none.</summary>
    public static string? TokenOf(HttpRequest request) =>
        request.Headers.Authorization.Count == 1 && request.Headers.Authorization[0] is { } header
        && header.StartsWith(BearerPrefix, StringComparison.OrdinalIgnoreCase)
            ? header[BearerPrefix.Length..].Trim()
            : null;

    /// <summary>Who an operator is for the rest of the request.</summary>
    public static ClaimsPrincipal Principal(string name, OperatorRole role) => new(new ClaimsIdentity(
        [new(ClaimTypes.Name, name), new(ClaimTypes.Role, role.Name())], SchemeName));

    /// <inheritdoc/>
    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (TokenOf(Request) is not { } token || OperatorToken.NameOf(token) is not { } name)
        {
            return AuthenticateResult.NoResult();
        }

        if (name == LocalOperator.Name && local.Matches(token))
        {
            return Success(name, OperatorRole.Admin);
        }

        var record = await operators.Find(name, Context.RequestAborted);
        return record is { TokenHash: { } hash } && OperatorToken.Matches(token, hash)
            ? Success(name, record.Role)
            : AuthenticateResult.Fail("The token is not, or no longer, that of an operator of this site.");
    }

    private AuthenticateResult Success(OperatorName name, OperatorRole role) =>
        AuthenticateResult.Success(new(Principal(name.Value, role), Scheme.Name));
}
