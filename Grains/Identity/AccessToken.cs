using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Identity;
using OrleansEdge.Contracts.Security;

namespace OrleansEdge.Grains.Identity;

/// <summary>
/// What a call carries to say who calls: a JSON Web Token (RFC 7519), signed by a silo of the site with ES256 and bound to a certificate
/// (after RFC 8705). Only silos of the same site read it.
/// </summary>
internal static class AccessToken
{
    /// <summary>The longest token, in characters; those of this site are about 340.</summary>
    public const int MaximumLength = 2048;

    private const string RoleClaim = "role";
    private const string ThumbprintClaim = "x5t#S256";
    private const string Algorithm = SecurityAlgorithms.EcdsaSha256;
    private static readonly JsonWebTokenHandler Handler = new() { SetDefaultTimesOnTokenCreation = false, MaximumTokenSizeInBytes = MaximumLength };

    /// <summary>Signs a token.</summary>
    /// <param name="caller">What it says.</param>
    /// <param name="site">The site, for which alone it is good.</param>
    /// <param name="key">The key, with its id.</param>
    public static string Sign(Caller caller, SiteName site, ECDsaSecurityKey key)
    {
        var claims = new Dictionary<string, object>
        {
            [JwtRegisteredClaimNames.Sub] = caller.Subject,
            [RoleClaim] = NameOf(caller.Role),
        };
        if (caller.Thumbprint is { } thumbprint)
        {
            claims[ThumbprintClaim] = Base64Url.EncodeToString(thumbprint.ToHash());
        }

        return Handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = site.Value,
            Expires = caller.ExpiresAt.UtcDateTime,
            Claims = claims,
            SigningCredentials = new(key, Algorithm),
        });
    }

    /// <summary>The id of the key that is said to have signed a token; null for what is no token of a site.</summary>
    public static string? KeyIdOf(string text) => TryRead(text, out var token) ? token.Kid : null;

    /// <summary>Who a token says that calls.</summary>
    /// <param name="text">Anything.</param>
    /// <param name="site">The site.</param>
    /// <param name="key">The key that is said to have signed it.</param>
    /// <param name="now">The present time.</param>
    /// <returns>Null if it is not valid, or not any more.</returns>
    public static async Task<Caller?> Verify(string text, SiteName site, ECDsaSecurityKey key, DateTimeOffset now)
    {
        if (!TryRead(text, out _))
        {
            return null;
        }

        var result = await Handler.ValidateTokenAsync(text, new TokenValidationParameters
        {
            ValidAlgorithms = [Algorithm],
            IssuerSigningKey = key,
            ValidIssuer = site.Value,
            ValidateAudience = false,
            RequireExpirationTime = true,
            LifetimeValidator = (_, expires, _, _) => expires is { } end && now.UtcDateTime < end,
        });
        return result is { IsValid: true, SecurityToken: JsonWebToken token } ? Read(token) : null;
    }

    private static bool TryRead(string text, [NotNullWhen(true)] out JsonWebToken? token)
    {
        token = null;
        if (text.Length is 0 or > MaximumLength || !Handler.CanReadToken(text))
        {
            return false;
        }

        try
        {
            token = new JsonWebToken(text);
            return token.Alg == Algorithm;
        }
        catch (Exception exception) when (exception is ArgumentException or SecurityTokenException or FormatException or JsonException)
        {
            return false;
        }
    }

    private static Caller? Read(JsonWebToken token)
    {
        if (!token.TryGetPayloadValue<string>(RoleClaim, out var name) || RoleOf(name) is not { } role || string.IsNullOrEmpty(token.Subject))
        {
            return null;
        }

        Thumbprint? thumbprint = null;
        if (token.TryGetPayloadValue<string>(ThumbprintClaim, out var text))
        {
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            if (!Base64Url.TryDecodeFromChars(text, hash, out var written) || written != hash.Length)
            {
                return null;
            }

            thumbprint = Thumbprint.FromHash(hash);
        }

        return new(role, token.Subject, thumbprint, new(token.ValidTo, TimeSpan.Zero));
    }

    private static string NameOf(Callers role) => role switch
    {
        Callers.Participant => "participant",
        Callers.Operator => "operator",
        Callers.Site => "site",
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, "A caller has one role."),
    };

    private static Callers? RoleOf(string name) => name switch
    {
        "participant" => Callers.Participant,
        "operator" => Callers.Operator,
        "site" => Callers.Site,
        _ => null,
    };
}
