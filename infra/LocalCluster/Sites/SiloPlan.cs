using OrleansEdge.Contracts.Sites;
using OrleansEdge.LocalCluster.Faults;
using OrleansEdge.LocalCluster.Hierarchy;
using OrleansEdge.LocalCluster.Processes;
using OrleansEdge.LocalCluster.Runs;

namespace OrleansEdge.LocalCluster.Sites;

/// <summary>How the silos of a site are started.</summary>
/// <param name="Place">The site.</param>
/// <param name="Options">What to run.</param>
/// <param name="Work">The run's folder.</param>
/// <param name="Programs">The programs.</param>
/// <param name="Faults">What they are armed with.</param>
/// <param name="ServicesOf">What a silo needs of others, by its name.</param>
/// <param name="Security">What secures them; null for a site in clear.</param>
internal sealed record SiloPlan(
    SitePlace Place, ClusterOptions Options, WorkFolder Work, ProgramFiles Programs, FaultRecord Faults, Func<string, IReadOnlyList<SiteService>> ServicesOf,
    LocalSecurity? Security)
{
    private int attempts;

    /// <summary>Where the silos of the site above begin; none for the root.</summary>
    public IReadOnlyList<Uri> Parents { get; init; } = [];

    /// <summary>Chooses where silos listen; another attempt looks elsewhere.</summary>
    public IReadOnlyList<SiloPorts> ChoosePorts(int silos, int attempt) => SiloPorts.Choose(silos, attempt, Security is null ? "http" : "https");

    /// <summary>The start of a silo.</summary>
    public ProcessStart Start(string name, SiloPorts ports) =>
        ProcessStart.OfProduct(name, Programs.Host, Programs.Silo, Arguments(ports, ServicesOf(name)), Work.Temporary) with
        {
            Environment = ServicesOf(name).SelectMany(service => service.SiloEnvironment).Concat(Faults.Arm()).Concat(UplinkEnvironment.Of(Place.Uplink))
                .DistinctBy(variable => variable.Key).ToDictionary(),
        };

    /// <summary>Whether a silo is started again: it has ended because of what was done, or says itself that it must be.</summary>
    public bool StartsAgain(ProcessEnd end) => end.ExitCode == SiloExitCodes.StartAgain || Faults.Explains(end.Id, isSilo: true);

    /// <summary>Where a silo listens that was killed: as before, or elsewhere, as where machines are replaced.</summary>
    public SiloPorts PortsAfter(SiloPorts ports) => Options.NewPorts ? ChoosePorts(1, Interlocked.Increment(ref attempts) + Options.Silos)[0] : ports;

    private IEnumerable<string> Arguments(SiloPorts ports, IReadOnlyList<SiteService> services) =>
    [
        "serve", "--name", Place.Name.Value, .. ports.Arguments, .. ParentArguments, .. Security?.SiloArguments ?? [],
        .. services.SelectMany(service => service.SiloArguments), .. StoreArguments(services),
    ];

    private IEnumerable<string> ParentArguments =>
        Parents.Count == 0 ? [] : ["--parent", string.Join(',', Parents.Select(parent => parent.GetLeftPart(UriPartial.Authority)))];

    /// <summary>The folder, unless a service is the store.</summary>
    private IEnumerable<string> StoreArguments(IReadOnlyList<SiteService> services) =>
        services.Any(service => service.SiloArguments.Contains("--store")) ? [] : ["--store", Work.Store];
}
