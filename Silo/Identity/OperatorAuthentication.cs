using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using OrleansEdge.Grains.Identity;

namespace OrleansEdge.Silo.Identity;

/// <summary>Finds out which operator asks, by a token of the site's own in the <c>Authorization</c> header, or by a certificate.</summary>
internal sealed class OperatorAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logging, UrlEncoder encoder, OperatorStore operators, LocalOperator local,
    IEnrolledCertificates certificates)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logging, encoder)
{
    /// <summary>The scheme's name.</summary>
    public const string SchemeName = "OperatorToken";

    /// <summary>The operator whose certificate is made together with an authority.</summary>
    internal static readonly OperatorName FirstAdmin = OperatorName.Parse("admin");

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
        if (TokenOf(Request) is not { } token)
        {
            return await FromCertificate();
        }

        if (OperatorToken.NameOf(token) is not { } name)
        {
            return Unknown();
        }

        if (name == LocalOperator.Name && local.Matches(token))
        {
            return Success(name, OperatorRole.Admin);
        }

        var record = await operators.Find(name, Context.RequestAborted);
        return record is { TokenHash: { } hash, Role: { } role } && OperatorToken.Matches(token, hash)
            ? Success(name, role)
            : Unknown();
    }

    private static AuthenticateResult Unknown() =>
        AuthenticateResult.Fail("This site does not know the operator's token that was given, or not any more: ask an admin for a new one.");

    /// <summary>The authority vouches for the name. What that one may do is in the store; one who never was there is the admin that came with the authority.</summary>
    private async Task<AuthenticateResult> FromCertificate()
    {
        if (TokenEndpoint.ThumbprintOf(Context) is not { } thumbprint || certificates.IsRevoked(thumbprint)
            || await certificates.FindOperator(thumbprint, Context.RequestAborted) is not { } text)
        {
            return AuthenticateResult.NoResult();
        }

        var name = OperatorName.Parse(text);
        var record = await operators.Find(name, Context.RequestAborted);
        return record is null && name == FirstAdmin ? Success(name, OperatorRole.Admin)
            : record?.Role is not { } role ? AuthenticateResult.Fail("The operator of this certificate has no role at this site.")
            : record.Takes(new(Context.Connection.ClientCertificate!.NotBefore.ToUniversalTime())) ? Success(name, role)
            : AuthenticateResult.Fail($"The certificate of '{name}' was revoked: make another with 'certs operator {name}', where the site's key is.");
    }

    private AuthenticateResult Success(OperatorName name, OperatorRole role) =>
        AuthenticateResult.Success(new(Principal(name.Value, role), Scheme.Name));
}
