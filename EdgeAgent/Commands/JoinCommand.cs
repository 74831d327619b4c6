using System.CommandLine;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.EdgeAgent.Data;
using OrleansEdge.EdgeAgent.Data.Images;
using OrleansEdge.EdgeAgent.Data.Splits;
using OrleansEdge.EdgeAgent.Participation;
using OrleansEdge.EdgeAgent.Participation.Roaming;
using OrleansEdge.Participation.Security;
using OrleansEdge.Participation.Updates;

namespace OrleansEdge.EdgeAgent.Commands;

/// <summary>The verb <c>join</c>: one device takes part at a site.</summary>
internal static class JoinCommand
{
    /// <summary>Makes the verb.</summary>
    public static Command Create()
    {
        var site = AgentOptions.Site();
        var device = new Option<string>("--device") { HelpName = "ID", Description = "This device's id: lower-case letters, digits and hyphens", Required = true };
        var data = AgentOptions.Data();
        var split = AgentOptions.Split();
        var part = new Option<string?>("--part") { HelpName = "PART", Description = "With --split: which part this device holds, for example 3/10" };
        var seed = AgentOptions.SplitSeed();
        var folder = new Option<string?>("--folder") { HelpName = "FOLDER", Description = "The device's own folder. Default: one of its name in the user's application data" };
        var invite = AgentOptions.Invite();
        var fallback = AgentOptions.Fallback();
        var patience = AgentOptions.Patience();
        var command = new Command("join", "Take part in a site's jobs with this device's data, until told to stop")
        {
            site, fallback, patience, device, invite, data, split, part, seed, folder,
        };
        command.SetAction((arguments, cancellation) => CommandRun.Run(
            async () =>
            {
                var participant = ParticipantId.Parse(arguments.GetRequiredValue(device));
                var address = AgentOptions.SiteOf(arguments.GetRequiredValue(site));
                var offers = AgentOptions.OffersOf(arguments.GetRequiredValue(data));
                var assignment = Assignment(arguments.GetValue(split), arguments.GetValue(part), arguments.GetValue(seed));
                var invitation = DeviceAdmission.IsSecured(address) ? DeviceAdmission.Read(arguments.GetValue(invite)) : null;
                var wait = AgentOptions.PatienceOf(arguments.GetRequiredValue(patience));
                using var own = ParticipantFolder.Open(arguments.GetValue(folder) ?? DefaultFolder(participant));
                IReadOnlyList<KnownSite> others = [.. (arguments.GetValue(fallback) ?? []).Select(text => KnownSite.Parse(text, own.Path))];
                RequireCertificates(others, participant);
                using var process = AgentProcess.Start(participant.Value, concurrency: 1, cancellation);
                var catalogue = await AgentHost.OpenData(offers, assignment, new DataSourceFactory(MnistDownload.CreateDefault()), process.Stopping);
                try
                {
                    await process.Host.TakePart([new(address, invitation, own.Path), .. others], wait, participant, own, catalogue, process.Stopping);
                }
                catch (OperationCanceledException) when (process.Stopping.IsCancellationRequested)
                {
                    // Whoever started it has ended, which is a reason to end and no failure.
                }
            },
            cancellation));
        return command;
    }

    /// <summary>What is missing shows at once, not when the device has to move.</summary>
    private static void RequireCertificates(IReadOnlyList<KnownSite> sites, ParticipantId participant)
    {
        if (sites.FirstOrDefault(site => site.IsSecured && DeviceCredentials.Open(site.Folder, participant, TimeProvider.System) is null && site.Invitation is null) is { } site)
        {
            throw new FormatException($"the device '{participant}' has no certificate of the site at {site} yet: write its invitation after the address, --fallback {site}=CODE.");
        }
    }

    private static DataAssignment? Assignment(string? split, string? part, ulong seed) => (split, part) switch
    {
        (null, null) => null,
        (_, null) => throw new FormatException("--split needs --part: say which part this device holds, for example --part 3/10."),
        _ => new DataAssignment(split is null ? SplitSpecification.Iid : SplitSpecification.Parse(split), Part.Parse(part), seed),
    };

    /// <summary>Where a device has its folder when nothing else is said.</summary>
    internal static string DefaultFolder(ParticipantId participant) => Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "orleansedge", "agents",
        participant.Value);
}
