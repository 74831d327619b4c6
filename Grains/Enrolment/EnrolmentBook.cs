using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Security;
using OrleansEdge.Contracts.Security.Enrolment;

namespace OrleansEdge.Grains.Enrolment;

/// <summary>
/// A site's book of devices, and of sites below it: invitations, certificates, revocations. Every operation can be asked for again when its answer was lost.
/// </summary>
internal sealed class EnrolmentBook(
    EnrolmentRecords records, RevocationList revocations, IDeviceIssuer issuer, IOptions<EnrolmentOptions> options, TimeProvider time)
{
    /// <summary>How long an invitation can be used at most.</summary>
    public static readonly TimeSpan LongestInvitation = TimeSpan.FromDays(365);

    /// <summary>Invites.</summary>
    /// <param name="plan">Whom, and for how long.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="EnrolmentRefusedException">The device exists, or does not, as the plan would have it.</exception>
    public async Task<(Invitation Invitation, InvitationCode Code)> Invite(InvitationPlan plan, CancellationToken cancellation)
    {
        if (plan.Participant is { } participant)
        {
            plan = plan with { Participant = CertificateIdentity.Localise(issuer.Site, participant) };
            RequireFit(plan, await records.FindDevice(plan.Participant.Value, cancellation));
        }

        await Forget(cancellation);
        var id = RandomNumberGenerator.GetBytes(InvitationCode.PartLength);
        var secret = RandomNumberGenerator.GetBytes(InvitationCode.PartLength);
        var code = InvitationCode.Create(issuer.Site, issuer.Pin, id, secret, plan.IsForSite ? plan.Participant : null);
        var invitation = await records.ChangeInvitation(
            code.Id,
            _ => new()
            {
                Id = code.Id,
                SecretHash = InvitationRules.HashOf(code.Secret),
                Participant = plan.Participant,
                Count = plan.Count,
                Tag = plan.Tag,
                NeedsApproval = plan.NeedsApproval,
                Replaces = plan.Replaces,
                IsForSite = plan.IsForSite,
                CreatedAt = time.GetUtcNow(),
                Expires = time.GetUtcNow() + plan.Lifetime,
            },
            cancellation);
        return (invitation, code);
    }

    /// <summary>Enrols a device.</summary>
    /// <returns>How it stands now, with its certificate where it is in force.</returns>
    /// <exception cref="EnrolmentRefusedException">It is not enrolled.</exception>
    public async Task<EnrolmentOutcome> Enrol(EnrolmentRequest request, CancellationToken cancellation)
    {
        var participant = Read(() => CertificateIdentity.Localise(issuer.Site, ParticipantId.Parse(request.Participant)));
        var keys = Read(() => RequestedKeys.Read(participant, request.Request, request.SiteRequest));
        var use = new InvitationUse(participant, keys.OwnFingerprint, keys.SiteFingerprint);
        var known = InvitationRules.IsId(request.Invitation) ? await records.FindInvitation(request.Invitation, cancellation) : null;
        if (known is null)
        {
            throw new EnrolmentRefusedException(InvitationRules.Unknown, isGuess: true);
        }

        if (revocations.Find(use.Key) is { } revocation)
        {
            throw new EnrolmentRefusedException($"{revocation.Sentence}; to enrol it anew, give it a new folder");
        }

        // The place first, so that a use is not lost to a device that could not have it.
        InvitationRules.Use(known, request.Secret, use, time.GetUtcNow());
        var existing = await records.FindDevice(participant, cancellation);
        InvitationRules.RequirePlace(existing, known, use.Key, time.GetUtcNow());
        var invitation = await records.ChangeInvitation(
            known.Id,
            current => InvitationRules.Use(
                current ?? throw new EnrolmentRefusedException(InvitationRules.Unknown), request.Secret, use, time.GetUtcNow()),
            cancellation);
        if (existing is not null && existing.Key != use.Key)
        {
            await Revoke(existing, isReplaced: true, cancellation);
        }

        return await Change(
            participant,
            current =>
            {
                InvitationRules.RequirePlace(current, invitation, use.Key, time.GetUtcNow());
                return current?.Key == use.Key && current.Phase != EnrolmentPhase.Revoked ? Renew(current, keys) : Begin(use, keys, invitation, current);
            },
            cancellation);
    }

    /// <summary>Renews a device's certificate by its key, also when the certificate has expired.</summary>
    /// <exception cref="EnrolmentRefusedException">It has no place here, or has been away for too long.</exception>
    public async Task<EnrolmentOutcome> Renew(RenewalRequest request, CancellationToken cancellation)
    {
        var participant = Read(() => CertificateIdentity.Localise(issuer.Site, ParticipantId.Parse(request.Participant)));
        var keys = Read(() => RequestedKeys.Read(participant, request.Request, request.SiteRequest));
        return await Change(
            participant,
            current =>
            {
                var device = RequireOwner(current, participant, keys);
                return device.Expires is { } expires && time.GetUtcNow() > expires + options.Value.OfflineLimit
                    ? throw new EnrolmentRefusedException($"the device '{participant}' has been away for too long, more than " +
                        $"{options.Value.OfflineLimit.TotalDays:0} days after its certificate expired: ask the site's operator for 'devices replace {participant}'")
                    : Renew(device, keys);
            },
            cancellation);
    }

    /// <summary>Lets a device in that waits.</summary>
    /// <returns>How it stands now; null if there is no such device.</returns>
    public async Task<Enrolment?> Approve(ParticipantId participant, CancellationToken cancellation)
    {
        var local = CertificateIdentity.Localise(issuer.Site, participant);
        return await records.FindDevice(local, cancellation) is null
            ? null
            : await records.ChangeDevice(
                local,
                current => current!.Phase != EnrolmentPhase.Pending ? current : current with { Phase = EnrolmentPhase.InForce },
                cancellation);
    }

    /// <summary>Shuts a device out: at once here, within seconds on the site's other silos.</summary>
    /// <returns>How it stands now; null if there is no such device.</returns>
    public async Task<Enrolment?> Revoke(ParticipantId participant, CancellationToken cancellation)
    {
        var local = CertificateIdentity.Localise(issuer.Site, participant);
        if (await records.FindDevice(local, cancellation) is not { } found)
        {
            return null;
        }

        // The list first, which is what shuts it out: who dies between the two leaves a device that is out, and the command can be repeated.
        await Revoke(found, isReplaced: false, cancellation);
        var device = await records.ChangeDevice(
            local, current => current!.Phase == EnrolmentPhase.Revoked ? current : current with { Phase = EnrolmentPhase.Revoked }, cancellation);

        // Between the two it may have renewed.
        await Revoke(device, isReplaced: false, cancellation);
        return device;
    }

    /// <summary>A device; null if it never enrolled.</summary>
    public Task<Enrolment?> Find(ParticipantId participant, CancellationToken cancellation) =>
        records.FindDevice(CertificateIdentity.Localise(issuer.Site, participant), cancellation);

    /// <summary>All devices, in the order of their ids.</summary>
    public IAsyncEnumerable<Enrolment> List(CancellationToken cancellation) => records.ListDevices(cancellation);

    private static void RequireFit(InvitationPlan plan, Enrolment? existing)
    {
        var (noun, verbs) = plan.IsForSite ? ("site", "sites") : ("device", "devices");
        if (existing is not null && existing.SiteKey is not null != plan.IsForSite)
        {
            throw new EnrolmentRefusedException($"'{plan.Participant}' is a {(plan.IsForSite ? "device" : "site")} here already: choose another name for the {noun}");
        }

        if (plan.Replaces && existing is null)
        {
            throw new EnrolmentRefusedException($"there is no {noun} '{plan.Participant}' to replace: '{verbs} invite {plan.Participant}' invites a new one");
        }

        if (!plan.Replaces && existing is not null)
        {
            throw new EnrolmentRefusedException(
                $"the {noun} '{plan.Participant}' is enrolled already: '{verbs} replace {plan.Participant}' gives its identity to new hardware");
        }
    }

    private static Enrolment RequireOwner(Enrolment? device, ParticipantId participant, RequestedKeys keys) =>
        device is null || device.Key != keys.OwnFingerprint || (keys.Site is not null && device.SiteKey != keys.SiteFingerprint)
            ? throw new EnrolmentRefusedException($"the device '{participant}' is not enrolled at this site with this key: ask its operator for an invitation", isGuess: true)
            : device.Phase switch
            {
                EnrolmentPhase.Revoked => throw new EnrolmentRefusedException($"the device '{participant}' was shut out of this site by its operator"),
                _ => device,
            };

    private static T Read<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (FormatException exception)
        {
            throw new EnrolmentRefusedException(exception.Message.TrimEnd('.'), isGuess: true);
        }
    }

    private async Task<EnrolmentOutcome> Change(ParticipantId participant, Func<Enrolment?, Enrolment> change, CancellationToken cancellation)
    {
        Enrolment? before = null;
        var after = await records.ChangeDevice(participant, current => change(before = current), cancellation);
        return new(after, !ReferenceEquals(before, after));
    }

    private Enrolment Begin(InvitationUse use, RequestedKeys keys, Invitation invitation, Enrolment? before)
    {
        var device = new Enrolment
        {
            Participant = use.Participant,
            Key = use.Key,
            Phase = invitation.NeedsApproval ? EnrolmentPhase.Pending : EnrolmentPhase.InForce,
            Invitation = invitation.Id,
            EarlierInvitations = before is null ? [] : before.EarlierInvitations.Add(before.Invitation),
            Tag = invitation.Tag,
            EnrolledAt = time.GetUtcNow(),
            SiteKey = use.SiteKey,
        };
        return Renew(device, keys);
    }

    /// <summary>
    /// Issues where it is due. A request that comes again gets the same certificate, so that nobody who repeats it makes more of them than are needed.
    /// </summary>
    private Enrolment Renew(Enrolment device, RequestedKeys keys)
    {
        var now = time.GetUtcNow();
        if (device.Phase != EnrolmentPhase.InForce)
        {
            return device;
        }

        device = keys.Site is null ? device : RenewSite(device, keys.Site, now);
        if (device.Expires - now > options.Value.DeviceLifetime / 2)
        {
            return device;
        }

        using var certificate = issuer.Issue(device.Participant, keys.Own, now, options.Value.DeviceLifetime);
        var issued = new IssuedCertificate(Thumbprint.Of(certificate), new(certificate.NotAfter.ToUniversalTime()));
        return device with { Certificate = certificate.RawData, Issued = [.. device.Issued.Where(earlier => earlier.NotAfter > now), issued] };
    }

    /// <summary>The certificate with which a site below this one vouches for its own.</summary>
    private Enrolment RenewSite(Enrolment site, PublicKey key, DateTimeOffset now)
    {
        using var last = site.SiteCertificate is { } bytes ? X509CertificateLoader.LoadCertificate(bytes) : null;
        if (last is not null && now < CertificateLifetimes.RenewalOf(last))
        {
            return site;
        }

        // No longer than this site's own: while that is not renewed, another one would be no better.
        using var certificate = issuer.IssueSite(site.Participant, key, now);
        return last is not null && certificate.NotAfter <= last.NotAfter ? site : site with { SiteCertificate = certificate.RawData };
    }

    private async Task Revoke(Enrolment device, bool isReplaced, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var entry = new Revocation(
            device.Participant, device.Key, [.. device.Issued.Select(issued => issued.Thumbprint)], now, device.Expires ?? now, isReplaced);
        var all = await records.ChangeRevocations(
            current => current.Any(known => known.Covers(entry))
                ? current
                : [.. current.Where(known => known.Until > now && known.Key != entry.Key), entry],
            cancellation);
        revocations.Update(all);
    }

    /// <summary>Deletes invitations that expired a day ago, so that they do not gather for ever.</summary>
    private async Task Forget(CancellationToken cancellation)
    {
        var horizon = time.GetUtcNow() - TimeSpan.FromDays(1);
        await foreach (var invitation in records.ListInvitations(cancellation))
        {
            if (invitation.Expires < horizon)
            {
                await records.DeleteInvitation(invitation.Id, cancellation);
            }
        }
    }
}

/// <summary>An invitation that is to be made.</summary>
/// <param name="Participant">The device that it is for; null for any.</param>
/// <param name="Count">How many devices.</param>
/// <param name="Lifetime">For how long.</param>
/// <param name="Tag">A word that its devices carry; null for none.</param>
/// <param name="NeedsApproval">Whether an operator approves each device.</param>
/// <param name="Replaces">Whether it gives new hardware an identity that exists.</param>
/// <param name="IsForSite">Whether it is for a site, which must be named; otherwise for devices.</param>
public sealed record InvitationPlan(
    ParticipantId? Participant, int Count, TimeSpan Lifetime, string? Tag, bool NeedsApproval, bool Replaces, bool IsForSite = false);
