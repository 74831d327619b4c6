using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.Tokens;
using OrleansEdge.Contracts.Identifiers;

namespace OrleansEdge.Silo.Identity;

/// <summary>Turns a token of the identity provider into an operator of this site, or into a sentence that says why it is none.</summary>
internal sealed class IdentityProviderEvents(IdentityProviderOptions provider) : JwtBearerEvents
{
    private const int MaximumNameLength = 128;

    /// <inheritdoc/>
    public override Task TokenValidated(TokenValidatedContext context)
    {
        var user = context.Principal!;
        var role = user.FindAll(provider.RoleClaim).Select(claim => OperatorRoles.Find(claim.Value)).Max();
        if (role is null)
        {
            context.Fail($"The token of {provider.Authority} names no role of this site: its claim '{provider.RoleClaim}' has to hold {string.Join(" or ", OperatorRoles.Names)}.");
        }
        else
        {
            // As the site's own operators are never named, so that no name of the provider's can be taken for one of those.
            context.Principal = OperatorAuthentication.Principal($"{NameOf(user)} of {provider.Authority.Host}", role.Value);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override async Task AuthenticationFailed(AuthenticationFailedContext context)
    {
        var provided = $"The token of {provider.Authority}";
        context.Fail(context.Exception switch
        {
            _ when !await Answers(context) =>
                $"The identity provider {provider.Authority} does not answer this site, so that tokens cannot be checked: try again, or use a token of 'operators add'.",
            SecurityTokenExpiredException => $"{provided} has expired: get a new one there.",
            SecurityTokenNotYetValidException => $"{provided} is not good yet: see whether the clocks of this site and of the provider are right.",
            SecurityTokenInvalidAudienceException => $"{provided} was made for somebody else: get one there that is for '{provider.Audience}'.",
            _ => $"The token that was given is neither one of this site's own nor made by {provider.Authority}: get one there, or ask an admin for one.",
        });
    }

    /// <summary>Without the provider's keys every token looks forged.</summary>
    private static async Task<bool> Answers(AuthenticationFailedContext context)
    {
        try
        {
            await context.Options.ConfigurationManager!.GetConfigurationAsync(context.HttpContext.RequestAborted);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>Names are printed and written to logs: no line breaks, and not without end.</summary>
    private string NameOf(ClaimsPrincipal user)
    {
        var name = new string([.. (user.FindFirstValue(provider.NameClaim) ?? "").Where(PrintableText.IsPrintable).Take(MaximumNameLength)]).Trim();
        return name.Length > 0 ? name : "unnamed";
    }
}
