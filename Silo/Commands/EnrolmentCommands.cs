using System.CommandLine;
using System.Globalization;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Security.Enrolment;
using OrleansEdge.Grains.Enrolment;
using OrleansEdge.Silo.Web;

namespace OrleansEdge.Silo.Commands;

/// <summary><c>devices invite</c> and what follows from it: who may take part at a secured site.</summary>
internal static class EnrolmentCommands
{
    private const string DefaultLifetime = "1h";

    /// <summary>Adds the verbs to <c>devices</c>.</summary>
    public static void AddTo(Command devices)
    {
        devices.Subcommands.Add(Invite());
        devices.Subcommands.Add(Replace());
        devices.Subcommands.Add(Enrolled());
        devices.Subcommands.Add(Pending());
        devices.Subcommands.Add(Change("approve", "Let a device in that waits", "may take part now", (site, device, stop) => site.Approve(device, stop)));
        devices.Subcommands.Add(Change("revoke", "Shut a device out, for good and within seconds", "is shut out", (site, device, stop) => site.Revoke(device, stop)));
    }

    private static Command Invite()
    {
        var id = new Argument<string?>("ID") { Description = "The device's id; leave it out with --count", Arity = ArgumentArity.ZeroOrOne };
        var expires = Expires();
        var count = new Option<int?>("--count") { Description = $"For a delivery: for as many devices, of ids of their own choice, at most {InvitationCode.MostDevices}", HelpName = "NUMBER" };
        var tag = new Option<string?>("--tag") { Description = "A word that the devices carry in lists", HelpName = "TAG" };
        var approval = new Option<string>("--approval") { Description = "automatic, or by-hand: each device waits for 'devices approve'", HelpName = "HOW", DefaultValueFactory = _ => "automatic" };
        var invite = Commands.Create("invite", "Make a code with which a device can enrol once", "devices invite dev7", "devices invite dev7 --expires 30m",
            "devices invite --count 200 --tag spring --expires 30d --approval by-hand");
        invite.Arguments.Add(id);
        invite.Options.Add(expires);
        invite.Options.Add(count);
        invite.Options.Add(tag);
        invite.Options.Add(approval);
        CommandContext.SetAction(invite, async (context, parse, cancellation) =>
        {
            var device = parse.GetValue(id);
            if ((device is null) == (parse.GetValue(count) is null))
            {
                throw new FormatException("give the device's id, or --count for a delivery of several.");
            }

            await Print(context, new(
                device is null ? null : ParticipantId.Parse(device), parse.GetValue(count) ?? 1, ReadLifetime(parse.GetRequiredValue(expires)), parse.GetValue(tag),
                ReadApproval(parse.GetRequiredValue(approval)), Replaces: false), cancellation);
        });
        return invite;
    }

    private static Command Replace()
    {
        var id = new Argument<string>("ID") { Description = "The device's id" };
        var expires = Expires();
        var replace = Commands.Create("replace", "Make a code that gives new hardware the identity of a device; the old hardware is out as soon as it is used", "devices replace dev7");
        replace.Arguments.Add(id);
        replace.Options.Add(expires);
        CommandContext.SetAction(replace, (context, parse, cancellation) => Print(context, new(
            ParticipantId.Parse(parse.GetRequiredValue(id)), 1, ReadLifetime(parse.GetRequiredValue(expires)), null, NeedsApproval: false, Replaces: true), cancellation));
        return replace;
    }

    private static Command Enrolled()
    {
        var enrolled = Commands.Create("enrolled", "List the devices that have enrolled, and how they stand", "devices enrolled", "devices enrolled --json");
        CommandContext.SetAction(enrolled, async (context, _, cancellation) =>
        {
            var devices = await context.Site.ListEnrolments(cancellation);
            context.Terminal.Result(devices, terminal => terminal.Table(["DEVICE", "KIND", "STANDING", "CERTIFICATE UNTIL", "TAG", "KEY"], devices.Select(Row)));
        });
        return enrolled;
    }

    private static Command Pending()
    {
        var pending = Commands.Create("pending", "List the devices that wait for approval", "devices pending");
        CommandContext.SetAction(pending, async (context, _, cancellation) =>
        {
            var devices = (await context.Site.ListEnrolments(cancellation)).Where(device => device.Phase == EnrolmentPhase.Pending).ToArray();
            context.Terminal.Result(devices, terminal =>
            {
                if (devices.Length == 0)
                {
                    terminal.Line("No device waits for approval.");
                    return;
                }

                terminal.Table(["DEVICE", "KIND", "STANDING", "CERTIFICATE UNTIL", "TAG", "KEY"], devices.Select(Row));
            });
        });
        return pending;
    }

    private static Command Change(
        string name, string description, string done, Func<SiteApi, ParticipantId, CancellationToken, Task<EnrolmentEntry>> change)
    {
        var id = new Argument<string>("ID") { Description = "The device's id" };
        var command = Commands.Create(name, description, $"devices {name} dev7");
        command.Arguments.Add(id);
        CommandContext.SetAction(command, async (context, parse, cancellation) =>
        {
            var device = await change(context.Site, ParticipantId.Parse(parse.GetRequiredValue(id)), cancellation);
            context.Terminal.Result(device, terminal => terminal.Line($"The device '{device.Participant}' {done}."));
        });
        return command;
    }

    private static async Task Print(CommandContext context, InvitationOrder order, CancellationToken cancellation)
    {
        var invitation = await context.Site.Invite(order, cancellation);
        context.Terminal.Result(invitation, terminal =>
        {
            terminal.Line(invitation.Code);
            terminal.Line();
            terminal.Line(string.Create(CultureInfo.InvariantCulture,
                $"For {(invitation.Participant is { } device ? $"the device '{device}'" : Phrases.Count(invitation.Count, "device"))}, until {invitation.Expires:yyyy-MM-dd HH:mm} UTC. It is shown only once."));
            terminal.Line($"On the device: EdgeAgent join --site https://ADDRESS:PORT --device {invitation.Participant?.Value ?? "ID"} --invite CODE --data NAME=SPEC");
        });
    }

    private static string[] Row(EnrolmentEntry device) =>
    [
        device.Participant.Value,
        device.IsSite ? "site" : "device",
        device.Phase switch { EnrolmentPhase.Pending => "waits", EnrolmentPhase.InForce => "in force", _ => "shut out" },
        device.Expires?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? Phrases.Nothing,
        device.Tag ?? Phrases.Nothing,
        device.Key.Hex[..16],
    ];

    internal static Option<string> Expires() => new("--expires")
    {
        Description = "For how long the code can be used: 30m, 12h, 30d",
        HelpName = "TIME",
        DefaultValueFactory = _ => DefaultLifetime,
    };

    private static bool ReadApproval(string text) => text switch
    {
        "automatic" => false,
        "by-hand" => true,
        _ => throw new FormatException($"--approval is '{text}': write automatic or by-hand."),
    };

    internal static TimeSpan ReadLifetime(string text)
    {
        const string Units = "smhd";
        double[] seconds = [1, 60, 3600, 86400];
        var unit = text.Length > 1 ? Units.IndexOf(text[^1], StringComparison.Ordinal) : -1;
        return unit >= 0 && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and < 1_000_000
            ? TimeSpan.FromSeconds(number * seconds[unit])
            : throw new FormatException($"--expires is '{text}': write a number and a unit, for example 30m, 12h or 30d.");
    }
}
