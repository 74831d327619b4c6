using OrleansEdge.LocalCluster.Faults;
using OrleansEdge.LocalCluster.Processes;
using OrleansEdge.LocalCluster.Runs;

namespace OrleansEdge.LocalCluster.Sites;

/// <summary>How the silos of a site are started.</summary>
/// <param name="Options">What to run.</param>
/// <param name="Work">The run's folder.</param>
/// <param name="Programs">The programs.</param>
/// <param name="Kills">The kills that they are armed with.</param>
/// <param name="Services">What they need of others.</param>
internal sealed record SiloPlan(
    ClusterOptions Options, WorkFolder Work, ProgramFiles Programs, KillRecord Kills, IReadOnlyList<SiteService> Services)
{
    private const string SiteName = "local";
    private int attempts;

    /// <summary>The start of a silo.</summary>
    public ProcessStart Start(string name, SiloPorts ports) =>
        ProcessStart.OfProduct(name, Programs.Host, Programs.Silo, Arguments(ports), Work.Temporary) with
        {
            Environment = Services.SelectMany(service => service.SiloEnvironment).Concat(Kills.Arm(KillTarget.Silo)).ToDictionary(),
        };

    /// <summary>Whether a silo's process was to be killed, which is then recorded.</summary>
    public bool WasKilled(string name, int process) => Kills.Record(KillTarget.Silo, name, process);

    /// <summary>Where a silo listens that was killed: as before, or elsewhere, as where machines are replaced.</summary>
    public SiloPorts PortsAfter(SiloPorts ports) => Options.NewPorts ? SiloPorts.Choose(1, Interlocked.Increment(ref attempts) + Options.Silos)[0] : ports;

    private IEnumerable<string> Arguments(SiloPorts ports) =>
        ["serve", "--name", SiteName, .. ports.Arguments, .. Services.SelectMany(service => service.SiloArguments), .. StoreArguments];

    /// <summary>The folder, unless a service is the store.</summary>
    private IEnumerable<string> StoreArguments =>
        Services.Any(service => service.SiloArguments.Contains("--store")) ? [] : ["--store", Work.Store];
}
