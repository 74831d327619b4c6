using System.CommandLine;
using System.Globalization;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Participants;
using OrleansEdge.Grains.Participants;

namespace OrleansEdge.Silo.Commands;

/// <summary><c>devices</c>: who takes part.</summary>
internal static class DeviceCommands
{
    /// <summary>The noun with all its verbs.</summary>
    public static Command Create()
    {
        var devices = Commands.Create("devices", "Show the devices and sites that have joined a running site, and say who may", "devices list", "devices show dev1", "devices invite dev7");
        CommandContext.AddOptions(devices);
        devices.Subcommands.Add(List());
        devices.Subcommands.Add(Show());
        EnrolmentCommands.AddTo(devices);
        return devices;
    }

    private static Command List()
    {
        var list = Commands.Create("list", "List who is alive, since when, doing what. Devices that have been silent for an hour are not listed",
            "devices list", "devices list --json");
        CommandContext.SetAction(list, async (context, _, cancellation) =>
        {
            var devices = await context.Site.ListParticipants(cancellation);
            context.Terminal.Result(devices, terminal =>
            {
                if (devices.IsEmpty)
                {
                    terminal.Line("No device has joined since the site started: 'EdgeAgent join --site URL --device ID --data NAME=SPEC' joins one.");
                    return;
                }

                var now = context.Time.GetUtcNow();
                terminal.Table(["DEVICE", "STATE", "SINCE", "LAST SEEN", "DOING", "DATA"], devices.Select(device => Row(device, now)));
            });
        });
        return list;
    }

    private static Command Show()
    {
        var id = new Argument<string>("ID") { Description = "The device's id, as 'devices list' shows it" };
        var show = Commands.Create("show", "Show a device: its machine, its data, what it does and what waits for it", "devices show dev1", "devices show harbour/dev1 --json");
        show.Arguments.Add(id);
        CommandContext.SetAction(show, async (context, parse, cancellation) =>
        {
            var status = await context.Site.GetParticipant(ParticipantId.Parse(parse.GetRequiredValue(id)), cancellation);
            context.Terminal.Result(status, terminal => ShowDevice(terminal, status, context.Time.GetUtcNow()));
        });
        return show;
    }

    private static string[] Row(FleetEntry device, DateTimeOffset now) =>
    [
        device.Participant.Value, State(device), Phrases.Duration(now - device.RegisteredAt), LastSeen(device, now),
        device.Alive ? Phrases.Of(device.Activity) : Phrases.Nothing, Data(device),
    ];

    private static void ShowDevice(Terminal terminal, ParticipantStatus status, DateTimeOffset now)
    {
        var device = status.Entry;
        terminal.Fields(
            ("device", device.Participant.Value),
            ("state", State(device)),
            ("joined", Phrases.Ago(device.RegisteredAt, now)),
            ("last seen", LastSeen(device, now)),
            ("doing", device.Alive ? Phrases.Of(device.Activity) : null),
            ("waiting for it", string.Join(", ", status.Pending.Select(Phrases.Doing))),
            ("data", Data(device)),
            ("machine", Machine(status.Profile)),
            ("speed", status.Profile is { } profile
                ? string.Create(CultureInfo.InvariantCulture, $"{profile.TrainingSpeed:N0} images a second (2nn, one thread)")
                : null));
    }

    private static string? Machine(ParticipantProfile? profile) => profile is null
        ? null
        : $"{Phrases.Count(profile.Cores, "core")}, {Phrases.Bytes(profile.MemoryBytes)}, {profile.OperatingSystem}";

    private static string State(FleetEntry device) => device.Alive ? "alive" : "silent";

    // A device that registered and was not heard since the silo's restart has no last heartbeat.
    private static string LastSeen(FleetEntry device, DateTimeOffset now) => device.LastSeen == default ? "not since the restart" : Phrases.Ago(device.LastSeen, now);

    private static string Data(FleetEntry device) => string.Join(", ", device.Data.Select(name => name.Value));
}
