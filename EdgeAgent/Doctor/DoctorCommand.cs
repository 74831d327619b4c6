using System.CommandLine;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Security.Files;
using OrleansEdge.EdgeAgent.Commands;
using OrleansEdge.EdgeAgent.Participation.Roaming;
using OrleansEdge.EdgeAgent.Training.Torch;
using OrleansEdge.Participation.Doctor;
using OrleansEdge.Participation.Security;

namespace OrleansEdge.EdgeAgent.Doctor;

/// <summary>The verb <c>doctor</c>: says in words what is wrong on this machine for a device that would join with the same options.</summary>
internal static class DoctorCommand
{
    /// <summary>A small convolutional network has about as many.</summary>
    private const long UsualParameters = 2_000_000;

    /// <summary>An agent with its libraries loaded, before it has anything to do.</summary>
    private const long BareMemory = 400L << 20;

    private const long FolderSpace = 2L << 30;
    private const long TemporarySpace = 512L << 20;

    /// <summary>Makes the verb.</summary>
    public static Command Create()
    {
        var site = AgentOptions.Site();
        var fallback = AgentOptions.Fallback();
        var device = new Option<string?>("--device") { HelpName = "ID", Description = "This device's id. Default: the one in the folder's certificate" };
        var folder = new Option<string?>("--folder") { HelpName = "FOLDER", Description = "The device's own folder. Default: that of 'join' for the same device" };
        var parameters = new Option<long>("--parameters")
        {
            HelpName = "NUMBER",
            Description = "How many parameters the largest model has, for the memory that it needs",
            DefaultValueFactory = _ => UsualParameters,
        };
        var json = new Option<bool>("--json") { Description = "Write one JSON document to standard output, and nothing else there" };
        var command = new Command(
            "doctor", "Look at clock, names, ports, proxy, certificate, disk, memory and versions of this machine, for a device that joins with the same options. "
                + "Ends with 1 where something is a problem")
        {
            site, fallback, device, folder, parameters, json,
        };
        command.SetAction((arguments, cancellation) => CommandRun.Run(
            () =>
            {
                var participant = arguments.GetValue(device) is { } id ? ParticipantId.Parse(id) : (ParticipantId?)null;
                var own = arguments.GetValue(folder) ?? (participant is { } named ? JoinCommand.DefaultFolder(named) : null);
                IReadOnlyList<KnownSite> others = [.. (arguments.GetValue(fallback) ?? []).Select(text => KnownSite.Parse(text, own ?? ""))];
                var checks = Checks(AgentOptions.SiteOf(arguments.GetRequiredValue(site)), participant, own, arguments.GetRequiredValue(parameters), Machine.Own)
                    .Concat(others.SelectMany(other => Checks(other, own is not null, participant, Machine.Own)));
                return DoctorRun.Run(checks, arguments.InvocationConfiguration.Output, arguments.GetValue(json), cancellation);
            },
            Console.Error, cancellation));
        return command;
    }

    /// <summary>The checks, in the order in which to mend what they find.</summary>
    /// <param name="site">The addresses of the site's silos.</param>
    /// <param name="device">The device; null for the one whose folder it is.</param>
    /// <param name="folder">Its folder; null where neither is known.</param>
    /// <param name="parameters">Of the largest model.</param>
    /// <param name="machine">This machine.</param>
    /// <exception cref="FormatException">The addresses do not belong together.</exception>
    internal static IEnumerable<IDoctorCheck> Checks(IReadOnlyList<Uri> site, ParticipantId? device, string? folder, long parameters, Machine machine)
    {
        var isSecured = DeviceAdmission.IsSecured(site);
        return
        [
            new RuntimeCheck("EdgeAgent", typeof(DoctorCommand).Assembly.GetName().Version!),
            new NativeCheck(TorchLibrary.Try),
            new MemoryCheck(BareMemory + MemoryOf(parameters), $"training a model of {parameters:N0} parameters", machine),
            .. folder is null ? Array.Empty<IDoctorCheck>() :
            [
                new FolderCheck("folder", folder, FolderSpace, "give another folder with --folder", machine),
                new IdentityCheck(folder, device, isSecured, machine),
            ],
            new FolderCheck("temporary folder", Path.GetTempPath(), TemporarySpace, "name another one in the environment variable TMPDIR", machine),
            new ProxyCheck(site, machine),
            .. site.Select(address => new ServerCheck(Server.Of("site", address, "--site"), machine)),
            new ClockCheck("site", site, machine),
            .. Site(site, isSecured, folder, machine),
        ];
    }

    /// <summary>The checks of another site to which the device may move.</summary>
    /// <param name="other">The site.</param>
    /// <param name="hasFolder">Whether the device's folder is known.</param>
    /// <param name="device">The device; null for the one whose folder it is.</param>
    /// <param name="machine">This machine.</param>
    internal static IEnumerable<IDoctorCheck> Checks(KnownSite other, bool hasFolder, ParticipantId? device, Machine machine) =>
    [
        .. hasFolder && other.Invitation is null ? [new IdentityCheck(other.Folder, device, other.IsSecured, machine, other.Addresses[0])] : Array.Empty<IDoctorCheck>(),
        new ProxyCheck(other.Addresses, machine),
        .. other.Addresses.Select(address => new ServerCheck(Server.Of("other site", address, "--fallback"), machine)),
        new ClockCheck("other site", other.Addresses, machine),
        .. Site(other.Addresses, other.IsSecured, hasFolder ? other.Folder : null, machine),
    ];

    /// <summary>A secured site says what it is only to those who have a certificate.</summary>
    private static IEnumerable<IDoctorCheck> Site(IReadOnlyList<Uri> site, bool isSecured, string? folder, Machine machine)
    {
        if (!isSecured)
        {
            return [new SiteCheck(site, handler: null, machine)];
        }

        try
        {
            return folder is not null && DeviceCredentials.Open(folder, participant: null, machine.Time) is { } credentials
                ? [new SiteCheck(site, credentials.CreateHandler(), machine)]
                : [];
        }
        catch (CertificateException)
        {
            // Said already, by the check of the certificate.
            return [];
        }
    }

    /// <summary>Weights, gradients, the optimiser's state, the update, and the version that was read.</summary>
    private static long MemoryOf(long parameters) => 5 * sizeof(float) * parameters;
}
