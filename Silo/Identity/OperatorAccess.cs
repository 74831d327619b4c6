using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OrleansEdge.Grains.Identity;
using OrleansEdge.Grains.Storage;

namespace OrleansEdge.Silo.Identity;

/// <summary>Who may ask what over HTTP. An address that says nothing else is for admins.</summary>
internal static class OperatorAccess
{
    private const string Scheme = "Operator";

    /// <summary>Adds what knows operators: by the site's own tokens, and by those of an identity provider where one is configured.</summary>
    public static void AddOperatorAccess(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton(provider => new OperatorStore(provider.GetRequiredService<IBlobStore>(), provider.GetRequiredService<TimeProvider>()));
        builder.Services.TryAddSingleton<IEnrolledCertificates, NoCertificates>();
        builder.Services.AddSingleton<LocalOperator>();
        builder.Services.AddSingleton<IAuthorizationMiddlewareResultHandler, OperatorRefusals>();
        var provider = IdentityProviderOptions.Read(builder.Configuration);
        var schemes = builder.Services.AddAuthentication(Scheme)
            .AddScheme<AuthenticationSchemeOptions, OperatorAuthentication>(OperatorAuthentication.SchemeName, null)
            .AddPolicyScheme(Scheme, null, policy => policy.ForwardDefaultSelector = context =>
                provider is not null && OperatorAuthentication.TokenOf(context.Request) is { } token && OperatorToken.NameOf(token) is null
                    ? JwtBearerDefaults.AuthenticationScheme
                    : OperatorAuthentication.SchemeName);
        if (provider is not null)
        {
            schemes.AddJwtBearer(provider.Configure);
        }

        var authorization = builder.Services.AddAuthorizationBuilder();
        foreach (var role in Enum.GetValues<OperatorRole>())
        {
            authorization.AddPolicy(role.Name(), policy => policy.RequireRole(OperatorRoles.Names.Skip((int)role)));
        }

        authorization.SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireRole(OperatorRole.Admin.Name()).Build());
    }

    /// <summary>Lets only operators of a role, and of those above it, ask here.</summary>
    public static T RequireOperator<T>(this T endpoints, OperatorRole role)
        where T : IEndpointConventionBuilder => endpoints.RequireAuthorization(role.Name());

    /// <summary>Lets viewers see and operators do; what is for admins says so beside this.</summary>
    public static RouteGroupBuilder RequireOperatorByMethod(this RouteGroupBuilder group)
    {
        ((IEndpointConventionBuilder)group).Add(endpoint =>
        {
            var onlySees = endpoint.Metadata.OfType<IHttpMethodMetadata>().SelectMany(metadata => metadata.HttpMethods).ToList() is { Count: > 0 } methods
                && methods.All(method => HttpMethods.IsGet(method) || HttpMethods.IsHead(method));
            endpoint.Metadata.Add(new AuthorizeAttribute((onlySees ? OperatorRole.Viewer : OperatorRole.Operator).Name()));
        });
        return group;
    }

    /// <summary>The name of the operator who asks; null for nobody.</summary>
    public static string? NameOf(ClaimsPrincipal user) => user.Identity is { IsAuthenticated: true } identity ? identity.Name ?? "unnamed" : null;
}
