using System.CommandLine;
using System.Globalization;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Security.Enrolment;
using OrleansEdge.EdgeAgent.Data;
using OrleansEdge.EdgeAgent.Data.Images;
using OrleansEdge.EdgeAgent.Data.Splits;
using OrleansEdge.EdgeAgent.Participation;
using OrleansEdge.Participation.Security;
using OrleansEdge.Participation.Updates;

namespace OrleansEdge.EdgeAgent.Commands;

/// <summary>The verb <c>simulate</c>: one process hosts many devices, for scale.</summary>
internal static class SimulateCommand
{
    private const int MostDevices = 10_000;
    private const int DevicesPerConnection = 20;

    /// <summary>Makes the verb.</summary>
    public static Command Create()
    {
        var site = AgentOptions.Site();
        var devices = new Option<int>("--devices") { HelpName = "NUMBER", Description = "How many devices", Required = true };
        var prefix = new Option<string>("--prefix") { HelpName = "PREFIX", Description = "Devices are named PREFIX1, PREFIX2, …", DefaultValueFactory = _ => "sim" };
        var data = AgentOptions.Data();
        var split = AgentOptions.Split();
        var seed = AgentOptions.SplitSeed();
        var folder = new Option<string>("--folder")
        {
            HelpName = "FOLDER",
            Description = "The folder in which each device has its own",
            DefaultValueFactory = _ => "simulation",
        };
        var invite = AgentOptions.Invite();
        var command = new Command("simulate", "Host many devices in one process; the data are divided over them (default: iid)")
        {
            site, devices, prefix, invite, data, split, seed, folder,
        };
        command.SetAction((arguments, cancellation) => CommandRun.Run(
            async () =>
            {
                var count = arguments.GetRequiredValue(devices);
                if (count is < 1 or > MostDevices)
                {
                    throw new FormatException($"--devices is {count}: use a whole number from 1 to {MostDevices}.");
                }

                var address = AgentOptions.SiteOf(arguments.GetRequiredValue(site));
                var plan = new Plan(
                    address, DeviceAdmission.IsSecured(address) ? DeviceAdmission.Read(arguments.GetValue(invite)) : null, count, arguments.GetRequiredValue(prefix),
                    AgentOptions.OffersOf(arguments.GetRequiredValue(data)),
                    arguments.GetValue(split) is { } text ? SplitSpecification.Parse(text) : SplitSpecification.Iid,
                    arguments.GetValue(seed), arguments.GetRequiredValue(folder));
                await Run(plan, cancellation);
            },
            cancellation));
        return command;
    }

    private static async Task Run(Plan plan, CancellationToken cancellation)
    {
        using var process = AgentProcess.Start(plan.Prefix, Environment.ProcessorCount, cancellation);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(process.Stopping);
        var sources = new DataSourceFactory(MnistDownload.CreateDefault(), keepLoaded: true);
        var devices = new List<Device>();
        try
        {
            // All before the first word to a site: what is wrong with folders and data shows also where there is none yet.
            for (var number = 1; number <= plan.Devices; number++)
            {
                devices.Add(await Device.Open(plan, number, sources, stop.Token));
            }

            RequireInvitation(plan, devices);
            await Task.WhenAll(devices.Chunk(DevicesPerConnection).Select(group => Participate(plan, group, process, stop)));
        }
        finally
        {
            devices.ForEach(device => device.Dispose());
        }
    }

    /// <summary>One invitation for all: the one that a device would ask for by itself serves no other.</summary>
    private static void RequireInvitation(Plan plan, List<Device> devices)
    {
        var strangers = DeviceAdmission.IsSecured(plan.Site) && plan.Invitation is null
            ? devices.Count(device => !new DeviceFiles(device.Folder.Path).HasCertificate)
            : 0;
        if (strangers > 0)
        {
            const int most = InvitationCode.MostDevices;
            var several = strangers > most ? $"; an invitation is for {most} at most, so enrol them in several runs, with --devices {most} first" : "";
            throw new FormatException(
                $"{strangers} of {plan.Devices} devices have no certificate yet: the site's operator makes one invitation for them with " +
                $"'devices invite --count {Math.Min(strangers, most)}'; give it with --invite, or in {DeviceAdmission.Variable}{several}.");
        }
    }

    private static async Task Participate(Plan plan, Device[] group, AgentProcess process, CancellationTokenSource stop)
    {
        foreach (var device in group)
        {
            await process.Host.Admit(plan.Site, device.Participant, plan.Invitation, device.Folder, stop.Token);
        }

        // One connection for all: it shows the first one's certificate.
        await using var connection = await process.Host.Connect(plan.Site, group[0].Folder.Identity, stop.Token);
        using var versions = process.Host.ReadVersions(connection);
        await Task.WhenAll(group.Select(async device =>
        {
            try
            {
                await process.Host.Participate(device.Participant, device.Folder, device.Data, connection, versions, stop.Token);
            }
            catch
            {
                // One that is refused ends all: nobody would notice that it is missing.
                await stop.CancelAsync();
                throw;
            }
        }));
    }

    private sealed record Device(ParticipantId Participant, ParticipantFolder Folder, DataCatalogue Data) : IDisposable
    {
        public static async Task<Device> Open(Plan plan, int number, DataSourceFactory sources, CancellationToken cancellation)
        {
            var participant = ParticipantId.Parse(string.Create(CultureInfo.InvariantCulture, $"{plan.Prefix}{number}"));
            var assignment = new DataAssignment(plan.Split, new Part(number, plan.Devices), plan.Seed);
            var data = await AgentHost.OpenData(plan.Offers, assignment, sources, cancellation);
            return new(participant, ParticipantFolder.Open(Path.Combine(plan.Folder, participant.Value)), data);
        }

        public void Dispose() => Folder.Dispose();
    }

    private sealed record Plan(
        IReadOnlyList<Uri> Site, InvitationCode? Invitation, int Devices, string Prefix, IReadOnlyList<DataOffer> Offers, SplitSpecification Split, ulong Seed,
        string Folder);
}
