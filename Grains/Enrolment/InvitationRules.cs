using System.Security.Cryptography;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Security;
using OrleansEdge.Contracts.Security.Enrolment;

namespace OrleansEdge.Grains.Enrolment;

/// <summary>What an invitation allows.</summary>
internal static class InvitationRules
{
    /// <summary>What everyone hears whose invitation is wrong, whatever is wrong with it: a guess tells nothing.</summary>
    public const string Unknown = "the invitation is not one of this site's: ask its operator for another";

    private const string Expired = "the invitation has expired: ask the site's operator for another";

    /// <summary>Whether a text can be the id of an invitation; it becomes the name of a blob.</summary>
    public static bool IsId(string? text) => text is { Length: 2 * InvitationCode.PartLength } && text.All(char.IsAsciiHexDigitLower);

    /// <summary>The hash under which a secret is kept.</summary>
    /// <exception cref="EnrolmentRefusedException">It is no secret.</exception>
    public static string HashOf(string? secret)
    {
        try
        {
            return Convert.ToHexStringLower(SHA256.HashData(Convert.FromHexString(secret ?? "")));
        }
        catch (FormatException)
        {
            throw new EnrolmentRefusedException(Unknown, isGuess: true);
        }
    }

    /// <summary>Uses an invitation. Whether a use that is known already is good for anything now, <see cref="RequirePlace"/> says.</summary>
    /// <returns>The invitation as it is then; the same one when this use is known already.</returns>
    /// <exception cref="EnrolmentRefusedException">It cannot be used so.</exception>
    public static Invitation Use(Invitation invitation, string? secret, InvitationUse use, DateTimeOffset now)
    {
        if (!CryptographicOperations.FixedTimeEquals(Convert.FromHexString(HashOf(secret)), Convert.FromHexString(invitation.SecretHash)))
        {
            throw new EnrolmentRefusedException(Unknown, isGuess: true);
        }

        if (invitation.IsForSite != use.SiteKey is not null)
        {
            throw new EnrolmentRefusedException(invitation.IsForSite
                ? $"the invitation is for the site '{invitation.Participant}': use it on that site's machine with 'Silo -- certs join'"
                : "the invitation is for a device: use it with 'EdgeAgent -- join', or ask the operator for 'sites invite'");
        }

        if (invitation.Participant is { } only && only != use.Participant)
        {
            throw new EnrolmentRefusedException($"the invitation is for the device '{only}', and this one is '{use.Participant}': start it with --device {only}");
        }

        if (invitation.Uses.Contains(use))
        {
            return invitation;
        }

        if (now >= invitation.Expires)
        {
            throw new EnrolmentRefusedException(Expired);
        }

        if (invitation.Uses.FirstOrDefault(earlier => earlier.Participant == use.Participant) is not null)
        {
            throw new EnrolmentRefusedException(
                $"another installation has used the invitation for '{use.Participant}' already: if that was not you, tell the site's operator");
        }

        return invitation.Uses.Length < invitation.Count
            ? invitation with { Uses = invitation.Uses.Add(use) }
            : throw new EnrolmentRefusedException(invitation.Count == 1
                ? "the invitation has been used already: ask the site's operator for another"
                : $"all {invitation.Count} places of the invitation are taken: ask the site's operator for another");
    }

    /// <summary>Whether a device may be enrolled, or hear once more that it was, by an invitation that it may use.</summary>
    /// <param name="existing">The device; null where there is none of that id.</param>
    /// <param name="invitation">The invitation.</param>
    /// <param name="key">The key that asks.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="EnrolmentRefusedException">It may not.</exception>
    public static void RequirePlace(Enrolment? existing, Invitation invitation, KeyFingerprint key, DateTimeOffset now)
    {
        var isOwner = existing is not null && existing.Key == key && existing.Phase != EnrolmentPhase.Revoked;
        if (existing is not null && !isOwner && !MayReplace(existing, invitation))
        {
            throw new EnrolmentRefusedException(DescribeTaken(existing));
        }

        // One that has to be approved asks until that is done, however long; one that has a certificate renews it by its key.
        var waits = isOwner && existing!.Expires is null;
        if (now >= invitation.Expires && !waits)
        {
            throw new EnrolmentRefusedException(Expired);
        }
    }

    /// <summary>Only an invitation that has not brought other hardware under this name already, which was revoked or replaced since.</summary>
    private static bool MayReplace(Enrolment existing, Invitation invitation) =>
        invitation.Replaces && existing.Invitation != invitation.Id && !existing.EarlierInvitations.Contains(invitation.Id);

    private static string DescribeTaken(Enrolment existing)
    {
        if (existing.SiteKey is not null)
        {
            return $"the site '{existing.Participant}' has enrolled already, or was shut out: its parent's operator can let it in anew with 'sites replace {existing.Participant}'";
        }

        return existing.Phase == EnrolmentPhase.Revoked
            ? $"the device '{existing.Participant}' was shut out of this site: its operator can let new hardware in with 'devices replace {existing.Participant}'"
            : $"the id '{existing.Participant}' belongs to another device: choose another --device, or ask the operator for 'devices replace {existing.Participant}'";
    }
}
