using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrleansEdge.Silo.Identity;

namespace OrleansEdge.Silo.Web;

/// <summary>What operators and programs ask a site over HTTP. Everything is under <c>/api</c>; errors are <see cref="ErrorAnswer"/>.</summary>
public static class OperatorApi
{
    internal const string Root = "/api";

    /// <summary>
    /// Adds the addresses of jobs, models, participants and content, and the handling of errors for all of <c>/api</c>. Needs the grains'
    /// services (records, stores, <c>IGrainFactory</c>) in the container.
    /// </summary>
    public static void MapOperatorApi(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.UseWhen(context => context.Request.Path.StartsWithSegments(Root), api => api.UseMiddleware<ApiErrors>());
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseWhen(context => context.Request.Path.StartsWithSegments(Root), api => api.UseMiddleware<OperationAudit>());
        var group = app.MapGroup(Root).RequireOperatorByMethod();
        JobEndpoints.Map(group.MapGroup("/jobs"));
        ModelEndpoints.Map(group.MapGroup("/models"));
        ParticipantEndpoints.Map(group.MapGroup("/participants"));
        SiteLinkEndpoints.MapUplink(group.MapGroup("/uplink"));
        SiteLinkEndpoints.MapSites(group.MapGroup("/sites"));
        ContentEndpoints.Map(group.MapGroup("/content"));
        EnrolmentApi.Map(
            group.MapGroup("/invitations").RequireOperator(OperatorRole.Admin), group.MapGroup("/enrolments").RequireOperator(OperatorRole.Admin));
        OperatorEndpoints.Map(group.MapGroup("/operators").RequireOperator(OperatorRole.Admin));
        AuditEndpoints.Map(group.MapGroup("/audit").RequireOperator(OperatorRole.Admin));
    }

    internal static IResult Answer<T>(T value, int status = StatusCodes.Status200OK) => TypedResults.Json(value, SiteJson.Options, statusCode: status);
}
