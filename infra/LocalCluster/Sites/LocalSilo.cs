using OrleansEdge.LocalCluster.Processes;

namespace OrleansEdge.LocalCluster.Sites;

/// <summary>A silo process and where it listens.</summary>
internal sealed class LocalSilo
{
    private SiloPorts ports;

    private LocalSilo(SiloPorts ports) => this.ports = ports;

    /// <summary>The process.</summary>
    public ManagedProcess Process { get; private init; } = null!;

    /// <summary>Where it listens now.</summary>
    public SiloPorts Ports => Volatile.Read(ref ports);

    /// <summary>Starts a silo.</summary>
    /// <param name="group">Where its process belongs.</param>
    /// <param name="plan">What all silos of the site have in common.</param>
    /// <param name="name">Its name.</param>
    /// <param name="ports">Where it listens at first.</param>
    public static LocalSilo Start(ProcessGroup group, SiloPlan plan, string name, SiloPorts ports)
    {
        LocalSilo? silo = null;
        var process = group.Start(plan.Start(name, ports), (start, end) =>
        {
            if (!plan.StartsAgain(end))
            {
                return null;
            }

            var next = plan.PortsAfter(silo!.Ports);
            Volatile.Write(ref silo.ports, next);
            return plan.Start(start.Name, next);
        });
        return silo = new LocalSilo(ports) { Process = process };
    }
}
