using OrleansEdge.Contracts.Security;
using OrleansEdge.Contracts.Security.Files;
using OrleansEdge.Silo.Web;

namespace OrleansEdge.Silo.Hosting.Security;

/// <summary>Which addresses of a secured site need a certificate.</summary>
internal static class SiteAccess
{
    /// <summary>Where devices enrol.</summary>
    public const string Enrol = "/enrol";

    /// <summary>Where a device finds the authority's certificate, which it compares with its invitation.</summary>
    public const string Authority = "/authority";

    private const string Health = "/health";

    /// <summary>Whether everyone may ask, whatever certificate it shows.</summary>
    public static bool IsOpen(PathString path) =>
        path.StartsWithSegments(Enrol) || path.StartsWithSegments(Authority) || path.StartsWithSegments(Health);

    /// <summary>Lets only operators and silos of the site at what is under <c>/api</c>.</summary>
    public static void RequireOperators(this WebApplication app) => app.UseWhen(
        context => context.Request.Path.StartsWithSegments(OperatorApi.Root),
        api => api.Use(async (context, next) =>
        {
            if (PeerFeature.Of(context)?.Identity.Role is CertificateRole.Operator or CertificateRole.Silo)
            {
                await next(context);
                return;
            }

            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            await context.Response.WriteAsJsonAsync(
                new ErrorAnswer($"This needs an operator's certificate: give the folder that holds one with --certificates or {CertificateFolder.Variable}."),
                SiteJson.Options, context.RequestAborted);
        }));
}
