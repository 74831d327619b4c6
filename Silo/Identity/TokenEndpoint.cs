using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Identity;
using OrleansEdge.Contracts.Security;
using OrleansEdge.Grains.Audit;
using OrleansEdge.Grains.Identity;
using OrleansEdge.Grains.Participants;
using OrleansEdge.Silo.Web;

namespace OrleansEdge.Silo.Identity;

/// <summary>Where those who have proved who they are get a token for their calls.</summary>
internal static class TokenEndpoint
{
    /// <summary>Maps <see cref="TokenRequest.Path"/>.</summary>
    public static void MapTokens(this WebApplication app)
    {
        app.UseWhen(context => context.Request.Path == TokenRequest.Path, branch => branch.UseMiddleware<ApiErrors>());
        app.MapPost(TokenRequest.Path, Issue).AllowAnonymous();
    }

    private static async Task<IResult> Issue(
        HttpContext context, AccessTokens tokens, IEnrolledCertificates certificates, IGrainFactory grains, IAuditLog audit, FleetPlaces places,
        CancellationToken cancellation)
    {
        var request = await Read(context, cancellation);
        if (request.Participant is null)
        {
            return await IssueToOperator(context, tokens, audit);
        }

        var participant = RouteText.Participant(request.Participant);
        if (ThumbprintOf(context) is { } thumbprint)
        {
            return await certificates.FindParticipant(thumbprint, cancellation) == participant && !certificates.IsRevoked(thumbprint)
                ? await places.Refuse(participant, cancellation) ?? Answer(tokens.Issue(Callers.Participant, participant.Value, thumbprint))
                : Refuse(context, audit, StatusCodes.Status403Forbidden, participant.Value, $"The certificate that was shown is not that of '{participant}', or is not in force.");
        }

        if (certificates.AreRequired)
        {
            return Refuse(context, audit, StatusCodes.Status401Unauthorized, participant.Value, "This site takes only devices with a certificate: enrol with an invitation of its operator.");
        }

        if (!InstanceKey.IsOne(request.InstanceKey))
        {
            throw ApiException.BadRequest("The request holds no instance key: it has 64 hexadecimal digits, which an agent keeps in its folder.");
        }

        var refusal = await grains.GetGrain<IParticipantInbox>(participant.Value).Admit(InstanceKey.HashOf(request.InstanceKey!)).Limited(cancellation);
        return refusal is null
            ? await places.Refuse(participant, cancellation) ?? Answer(tokens.Issue(Callers.Participant, participant.Value))
            : Refuse(context, audit, StatusCodes.Status403Forbidden, participant.Value, refusal);
    }

    private static async Task<IResult> IssueToOperator(HttpContext context, AccessTokens tokens, IAuditLog audit)
    {
        var result = await context.AuthenticateAsync();
        return result.Succeeded && OperatorAccess.NameOf(result.Principal) is { } name
            ? Answer(tokens.Issue(Callers.Operator, name))
            : Refuse(context, audit, StatusCodes.Status401Unauthorized, "anonymous", result.Failure?.Message ?? OperatorRefusals.NeedsCredential);
    }

    /// <summary>Names the certificate that the connection has found valid; null if there is none.</summary>
    internal static Thumbprint? ThumbprintOf(HttpContext context) =>
        context.Connection.ClientCertificate is { } certificate ? Thumbprint.Of(certificate) : null;

    private static IResult Answer(TokenReply reply) => OperatorApi.Answer(reply);

    private static IResult Refuse(HttpContext context, IAuditLog audit, int status, string who, string sentence)
    {
        audit.Denied(new(who, "get token", AuditOutcome.Denied, From: OperatorRefusals.AddressOf(context), Detail: sentence));
        return OperatorApi.Answer(new TokenRefusal(sentence), status);
    }

    /// <summary>Reads a request.</summary>
    /// <exception cref="ApiException">It is none, or too long.</exception>
    internal static async Task<TokenRequest> Read(HttpContext context, CancellationToken cancellation)
    {
        var body = new MemoryStream();
        await RequestBody.Copy(
            context, "request for a token", TokenRequest.MaximumLength, (block, token) => body.WriteAsync(block, token), cancellation);
        try
        {
            return JsonSerializer.Deserialize<TokenRequest>(body.ToArray(), JsonSerializerOptions.Web) ?? throw new JsonException();
        }
        catch (JsonException)
        {
            throw ApiException.BadRequest("The request is not the JSON that asks for a token: the program that asks may be of another release.");
        }
    }
}
