using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Security.Enrolment;
using OrleansEdge.Contracts.Security.Transport;
using OrleansEdge.Grains.Audit;
using OrleansEdge.Grains.Enrolment;
using OrleansEdge.Silo.Web;

namespace OrleansEdge.Silo.Hosting.Security;

/// <summary>Where devices and sites enrol, and renew their certificates.</summary>
internal static partial class EnrolmentEndpoints
{
    /// <summary>Maps <c>/authority</c>, <c>/enrol</c> and <c>/enrol/renew</c>.</summary>
    public static void MapEnrolment(this WebApplication app)
    {
        app.MapGet(SiteAccess.Authority, (IDeviceIssuer issuer) => Results.Json(
            new EnrolmentAnswer(null, issuer.Intermediates, issuer.Authorities), EnrolmentJson.Options)).AllowAnonymous();
        app.MapPost(SiteAccess.Enrol, (HttpContext context, Desk desk) => desk.Enrol(context)).AllowAnonymous();
        app.MapPost($"{SiteAccess.Enrol}/renew", (HttpContext context, Desk desk) => desk.Renew(context)).AllowAnonymous();
    }

    /// <summary>Answers those who enrol: nobody is trusted here, so little is read, and little is told.</summary>
    internal sealed partial class Desk(
        EnrolmentBook book, IDeviceIssuer issuer, RefusalLog log, IAuditLog audit, TimeProvider time, ILogger<Desk> logger)
    {
        // One for each: who guesses at invitations must not keep the devices behind the same address from renewing their certificates.
        private readonly FailureLimiter _enrolments = new(time);
        private readonly FailureLimiter _renewals = new(time);

        /// <summary>Answers who enrols.</summary>
        public Task<IResult> Enrol(HttpContext context) =>
            Answer<EnrolmentRequest>(context, _enrolments, book.Enrol, device => device.SiteKey is null ? "enrol" : "enrol site");

        /// <summary>Answers who renews.</summary>
        public Task<IResult> Renew(HttpContext context) => Answer<RenewalRequest>(context, _renewals, book.Renew, _ => "renew certificate");

        private static IResult Refusal(int status, string sentence) => Results.Json(new EnrolmentError(Sentence.Of(sentence)), EnrolmentJson.Options, statusCode: status);

        private async Task<IResult> Answer<T>(
            HttpContext context, FailureLimiter limiter, Func<T, CancellationToken, Task<EnrolmentOutcome>> act, Func<Enrolment, string> describe)
            where T : class
        {
            var address = PeerNetwork.Plain(context.Connection.RemoteIpAddress ?? IPAddress.None);
            if (limiter.IsBlocked(address))
            {
                return Refusal(StatusCodes.Status429TooManyRequests, "too many requests from this address were wrong: try again in a minute");
            }

            try
            {
                var (device, isNew) = await act(await Read<T>(context), context.RequestAborted);
                if (isNew)
                {
                    await audit.Record(new(device.Participant.Value, describe(device), AuditOutcome.Done, From: address.ToString(), Detail: $"{device.Phase}"));
                    LogChanged(device.Participant, device.Phase, device.Expires);
                }

                return Results.Json(
                    device.Phase == EnrolmentPhase.InForce
                        ? new EnrolmentAnswer(device.Certificate, issuer.Intermediates, issuer.Authorities, device.SiteCertificate)
                        : new EnrolmentAnswer(null, issuer.Intermediates, issuer.Authorities),
                    EnrolmentJson.Options);
            }
            catch (EnrolmentRefusedException exception)
            {
                if (exception.IsGuess)
                {
                    limiter.Fail(address);
                }

                log.Refused("enrolment", new IPEndPoint(address, context.Connection.RemotePort), null, exception.Message);
                return Refusal(StatusCodes.Status403Forbidden, exception.Message);
            }
        }

        /// <summary>Reads a request.</summary>
        /// <exception cref="EnrolmentRefusedException">It is none, or too long.</exception>
        internal static async Task<T> Read<T>(HttpContext context)
            where T : class
        {
            using var body = new MemoryStream();
            try
            {
                await RequestBody.Copy(
                    context, "request", EnrolmentRequest.LongestJson,
                    (block, _) =>
                    {
                        body.Write(block.Span);
                        return ValueTask.CompletedTask;
                    },
                    context.RequestAborted);
                return JsonSerializer.Deserialize<T>(body.ToArray(), EnrolmentJson.Options) ?? throw new JsonException("It is empty.");
            }
            catch (Exception exception) when (exception is JsonException or ApiException)
            {
                throw new EnrolmentRefusedException("the request cannot be read: the agent may be of another release", isGuess: true);
            }
        }

        [LoggerMessage(LogLevel.Information, "'{Participant}' has enrolled or renewed: {Phase}, certificate until {Expires:yyyy-MM-ddTHH:mm:ssZ}")]
        private partial void LogChanged(ParticipantId participant, EnrolmentPhase phase, DateTimeOffset? expires);
    }
}
