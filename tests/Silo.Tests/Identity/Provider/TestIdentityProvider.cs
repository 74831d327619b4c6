using System.Net.Mime;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace OrleansEdge.Silo.Tests.Identity.Provider;

/// <summary>An identity provider (OpenID Connect) on loopback: its discovery document, its key, and tokens that it has signed.</summary>
internal sealed class TestIdentityProvider : IAsyncDisposable
{
    private readonly ECDsaSecurityKey _key = NewKey();
    private readonly WebApplication _app;

    private TestIdentityProvider()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.MapGet("/.well-known/openid-configuration", () => Json(new Dictionary<string, object>
        {
            ["issuer"] = Address.AbsoluteUri,
            ["jwks_uri"] = new Uri(Address, "keys").AbsoluteUri,
            ["id_token_signing_alg_values_supported"] = (string[])[SecurityAlgorithms.EcdsaSha256],
        }));
        _app.MapGet("/keys", () =>
        {
            var key = JsonWebKeyConverter.ConvertFromECDsaSecurityKey(_key);
            return Json(new Dictionary<string, object>
            {
                ["keys"] = (Dictionary<string, string>[])
                    [new() { ["kty"] = key.Kty, ["crv"] = key.Crv, ["x"] = key.X, ["y"] = key.Y, ["kid"] = key.KeyId, ["use"] = "sig" }],
            });
        });
    }

    /// <summary>Where it is.</summary>
    public Uri Address => new(_app.Urls.Single());

    public static async Task<TestIdentityProvider> Start(CancellationToken cancellation)
    {
        var provider = new TestIdentityProvider();
        await provider._app.StartAsync(cancellation);
        return provider;
    }

    /// <summary>A key of nobody.</summary>
    public static ECDsaSecurityKey NewKey() => new(ECDsa.Create(ECCurve.NamedCurves.nistP256)) { KeyId = "first" };

    /// <summary>Signs a token.</summary>
    /// <param name="audience">Whom it is for.</param>
    /// <param name="claims">What it says.</param>
    /// <param name="expires">How long it is good; negative for one that has expired.</param>
    /// <param name="key">Whose key; null for this provider's.</param>
    public string Sign(string audience, IEnumerable<Claim> claims, TimeSpan? expires = null, SecurityKey? key = null)
    {
        var end = DateTime.UtcNow + (expires ?? TimeSpan.FromHours(1));
        return new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Address.AbsoluteUri,
            Audience = audience,
            Subject = new(claims),
            NotBefore = end - TimeSpan.FromHours(2),
            Expires = end,
            SigningCredentials = new(key ?? _key, SecurityAlgorithms.EcdsaSha256),
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _key.ECDsa.Dispose();
    }

    private static IResult Json(Dictionary<string, object> document) => Results.Text(JsonSerializer.Serialize(document), MediaTypeNames.Application.Json);
}
