using Microsoft.AspNetCore.Authentication.JwtBearer;

namespace OrleansEdge.Silo.Identity;

/// <summary>
/// An identity provider (OpenID Connect) whose tokens the site takes from operators: <c>Identity:Authority</c>, <c>Identity:Audience</c>,
/// <c>Identity:RoleClaim</c> and <c>Identity:NameClaim</c> in the configuration.
/// </summary>
/// <param name="Authority">Its address; its keys are found from there. HTTPS, but for loopback.</param>
/// <param name="Audience">What a token must be made for.</param>
/// <param name="RoleClaim">The claim that holds viewer, operator or admin; default <c>role</c>.</param>
/// <param name="NameClaim">The claim that names the operator; default <c>sub</c>.</param>
internal sealed record IdentityProviderOptions(Uri Authority, string Audience, string RoleClaim, string NameClaim)
{
    private const string Section = "Identity";
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    /// <summary>An operator waits for this: a provider that swallows what it is asked is to be named soon.</summary>
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(5);

    /// <summary>Reads the configuration; null if it names no provider.</summary>
    /// <exception cref="FormatException">It names one and does not say enough, or what is not safe.</exception>
    public static IdentityProviderOptions? Read(IConfiguration configuration)
    {
        var section = configuration.GetSection(Section);
        if (section[nameof(Authority)] is not { Length: > 0 } text)
        {
            return null;
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out var authority) || (authority.Scheme != Uri.UriSchemeHttps && !authority.IsLoopback))
        {
            throw new FormatException($"{Section}:{nameof(Authority)} is '{text}': write the https:// address of the identity provider.");
        }

        return section[nameof(Audience)] is { Length: > 0 } audience
            ? new(authority, audience, section[nameof(RoleClaim)] ?? "role", section[nameof(NameClaim)] ?? "sub")
            : throw new FormatException(
                $"{Section}:{nameof(Audience)} is missing: without it, a token that the identity provider made for somebody else would be good here.");
    }

    /// <summary>Sets up the scheme.</summary>
    public void Configure(JwtBearerOptions options)
    {
        options.Authority = Authority.AbsoluteUri;
        options.Audience = Audience;
        options.BackchannelTimeout = AnswerLimit;
        options.RequireHttpsMetadata = !Authority.IsLoopback;
        options.MapInboundClaims = false;
        options.TokenValidationParameters.RoleClaimType = RoleClaim;
        options.TokenValidationParameters.NameClaimType = NameClaim;
        options.TokenValidationParameters.ClockSkew = ClockSkew;
        options.Events = new IdentityProviderEvents(this);
    }
}
