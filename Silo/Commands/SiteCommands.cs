using System.CommandLine;
using System.Globalization;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Silo.Web;

namespace OrleansEdge.Silo.Commands;

/// <summary><c>sites</c>: the sites below a site.</summary>
internal static class SiteCommands
{
    /// <summary>The noun with all its verbs.</summary>
    public static Command Create()
    {
        var sites = Commands.Create("sites", "Say which sites may be below a running site; for admins", "sites invite harbour", "sites revoke harbour");
        CommandContext.AddOptions(sites);
        sites.Subcommands.Add(Invite(
            "invite", "Make a code with which a site can enrol below this one, once: it takes part here, and vouches for its own under its own name", replaces: false));
        sites.Subcommands.Add(Invite(
            "replace", "Make a code that gives a new machine the identity of a site; the old one is out as soon as it is used", replaces: true));
        sites.Subcommands.Add(Revoke());
        return sites;
    }

    private static Command Invite(string verb, string description, bool replaces)
    {
        var name = new Argument<string>("NAME") { Description = "The site's name: lower-case letters, digits and hyphens" };
        var expires = EnrolmentCommands.Expires();
        var invite = Commands.Create(verb, description, $"sites {verb} harbour", $"sites {verb} harbour --expires 1d");
        invite.Arguments.Add(name);
        invite.Options.Add(expires);
        CommandContext.SetAction(invite, async (context, parse, cancellation) =>
        {
            var site = SiteName.Parse(parse.GetRequiredValue(name));
            var invitation = await context.Site.Invite(
                new(ParticipantId.Parse(site.Value), 1, EnrolmentCommands.ReadLifetime(parse.GetRequiredValue(expires)), null, NeedsApproval: false, replaces, IsForSite: true),
                cancellation);
            context.Terminal.Result(invitation, terminal => Print(terminal, site, invitation));
        });
        return invite;
    }

    private static void Print(Terminal terminal, SiteName site, InvitationAnswer invitation)
    {
        terminal.Line(invitation.Code);
        terminal.Line();
        terminal.Line(string.Create(CultureInfo.InvariantCulture, $"For the site '{site}', until {invitation.Expires:yyyy-MM-dd HH:mm} UTC. It is shown only once."));
        terminal.Line("On that site's machine: Silo certs join https://ADDRESS:PORT --invite CODE --certificates FOLDER");
        terminal.Line($"And then: Silo serve --name {site} --certificates FOLDER");
    }

    private static Command Revoke()
    {
        var name = new Argument<string>("NAME") { Description = "The site's name" };
        var revoke = Commands.Create(
            "revoke", "Shut a site out of this one, for good and within seconds; what it is to its own devices is not touched", "sites revoke harbour");
        revoke.Arguments.Add(name);
        CommandContext.SetAction(revoke, async (context, parse, cancellation) =>
        {
            var site = ParticipantId.Parse(SiteName.Parse(parse.GetRequiredValue(name)).Value);
            if (!(await context.Site.ListEnrolments(cancellation)).Any(entry => entry.IsSite && entry.Participant == site))
            {
                throw new CommandException($"There is no site '{site}' that has enrolled here: 'devices enrolled' lists who has.", ExitCodes.WrongInput);
            }

            var entry = await context.Site.Revoke(site, cancellation);
            context.Terminal.Result(entry, terminal => terminal.Line($"The site '{entry.Participant}' is shut out."));
        });
        return revoke;
    }
}
