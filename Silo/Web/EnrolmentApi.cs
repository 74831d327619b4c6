using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Security.Enrolment;
using OrleansEdge.Grains.Enrolment;

namespace OrleansEdge.Silo.Web;

/// <summary>A device in the site's book.</summary>
/// <param name="Participant">Its id at this site.</param>
/// <param name="Phase">How it stands.</param>
/// <param name="EnrolledAt">When it asked.</param>
/// <param name="Expires">When its last certificate expires; null before its first.</param>
/// <param name="Tag">The tag of its invitation; null for none.</param>
/// <param name="Key">The fingerprint of its key, to compare with what the device shows.</param>
/// <param name="IsSite">Whether it is a site below this one.</param>
public sealed record EnrolmentEntry(
    ParticipantId Participant, EnrolmentPhase Phase, DateTimeOffset EnrolledAt, DateTimeOffset? Expires, string? Tag, Contracts.Security.KeyFingerprint Key,
    bool IsSite);

/// <summary>An invitation that was made.</summary>
/// <param name="Code">What the device is given. It is shown once, and kept nowhere.</param>
/// <param name="Participant">The device; null for any.</param>
/// <param name="Count">How many devices.</param>
/// <param name="Expires">Until when.</param>
public sealed record InvitationAnswer(string Code, ParticipantId? Participant, int Count, DateTimeOffset Expires)
{
    /// <summary>Without the code.</summary>
    public override string ToString() => FormattableString.Invariant($"invitation for {Count} until {Expires:u}");
}

/// <summary>What is asked for with <c>POST /api/invitations</c>.</summary>
/// <param name="Participant">The device; null for any.</param>
/// <param name="Count">How many devices, 1 to 1,000.</param>
/// <param name="Lifetime">How long it can be used, in seconds.</param>
/// <param name="Tag">A word that its devices carry; null for none.</param>
/// <param name="NeedsApproval">Whether an operator approves each device.</param>
/// <param name="Replaces">Whether it gives new hardware an identity that exists.</param>
/// <param name="IsForSite">Whether it is for a site, which must be named; otherwise for devices.</param>
public sealed record InvitationOrder(
    ParticipantId? Participant, int Count, TimeSpan Lifetime, string? Tag, bool NeedsApproval, bool Replaces, bool IsForSite = false);

/// <summary><c>/api/invitations</c> and <c>/api/enrolments</c>: who may take part at a secured site.</summary>
internal static class EnrolmentApi
{
    public static void Map(RouteGroupBuilder invitations, RouteGroupBuilder enrolments)
    {
        invitations.MapPost("", Invite);
        enrolments.MapGet("", List);
        enrolments.MapPost("/approve/{**id}", (string id, HttpContext context) => Change(id, context, (book, device, stop) => book.Approve(device, stop)));
        enrolments.MapPost("/revoke/{**id}", (string id, HttpContext context) => Change(id, context, (book, device, stop) => book.Revoke(device, stop)));
    }

    private static async Task<IResult> Invite(HttpContext context, CancellationToken cancellation)
    {
        var order = await Read(context, cancellation);
        RequireSensible(order);
        try
        {
            var plan = new InvitationPlan(order.Participant, order.Count, order.Lifetime, order.Tag, order.NeedsApproval, order.Replaces, order.IsForSite);
            var (invitation, code) = await Book(context).Invite(plan, cancellation);
            return OperatorApi.Answer(new InvitationAnswer(code.ToText(), invitation.Participant, invitation.Count, invitation.Expires));
        }
        catch (EnrolmentRefusedException exception)
        {
            throw ApiException.Conflict(exception.Message);
        }
        catch (FormatException exception)
        {
            throw ApiException.BadRequest(exception.Message);
        }
    }

    private static async Task<InvitationOrder> Read(HttpContext context, CancellationToken cancellation)
    {
        try
        {
            return await context.Request.ReadFromJsonAsync<InvitationOrder>(SiteJson.Options, cancellation) ?? throw new JsonException("It is empty.");
        }
        catch (Exception exception) when (exception is JsonException or FormatException or InvalidOperationException)
        {
            throw ApiException.BadRequest($"What the invitation is for cannot be read: {exception.Message}");
        }
    }

    private static void RequireSensible(InvitationOrder order)
    {
        if (order.Count is < 1 or > InvitationCode.MostDevices)
        {
            throw ApiException.BadRequest($"An invitation is for 1 to {InvitationCode.MostDevices} devices, not for {order.Count}.");
        }

        if (order.Participant is not null && order.Count != 1)
        {
            throw ApiException.BadRequest("An invitation that names a device is for that one: leave the id or the count out.");
        }

        if (order.IsForSite && order.Participant is null)
        {
            throw ApiException.BadRequest("An invitation for a site names it: give its name.");
        }

        if (order.Lifetime <= TimeSpan.Zero || order.Lifetime > EnrolmentBook.LongestInvitation)
        {
            throw ApiException.BadRequest($"An invitation can be used for at most {EnrolmentBook.LongestInvitation.TotalDays:0} days, and for some seconds at least.");
        }

        if (order.Tag is not null && !IdentifierGrammar.IsSegment(order.Tag))
        {
            throw ApiException.BadRequest($"The tag is '{order.Tag}': use up to {IdentifierGrammar.MaximumSegmentLength} lower-case letters, digits and hyphens.");
        }
    }

    private static async Task<IResult> List(HttpContext context, CancellationToken cancellation)
    {
        var entries = ImmutableArray.CreateBuilder<EnrolmentEntry>();
        await foreach (var device in Book(context).List(cancellation))
        {
            entries.Add(Entry(device));
        }

        return OperatorApi.Answer(entries.ToImmutable());
    }

    private static async Task<IResult> Change(string id, HttpContext context, Func<EnrolmentBook, ParticipantId, CancellationToken, Task<Enrolment?>> change)
    {
        var participant = RouteText.Participant(id);
        try
        {
            return await change(Book(context), participant, context.RequestAborted) is { } device
                ? OperatorApi.Answer(Entry(device))
                : throw ApiException.NotFound($"There is no device '{participant}' that has enrolled at this site: 'devices pending' shows who waits.");
        }
        catch (FormatException exception)
        {
            throw ApiException.BadRequest(exception.Message);
        }
    }

    private static EnrolmentEntry Entry(Enrolment device) => new(device.Participant, device.Phase, device.EnrolledAt, device.Expires, device.Tag, device.Key, device.SiteKey is not null);

    private static EnrolmentBook Book(HttpContext context) => context.RequestServices.GetService<EnrolmentBook>()
        ?? throw ApiException.Conflict("This site runs in clear, without certificates: there is nothing to enrol for; start it with --certificates FOLDER.");
}
