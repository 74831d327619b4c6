using System.Diagnostics;
using OrleansEdge.Contracts.Faults.Network;

namespace OrleansEdge.Contracts.Faults;

/// <summary>
/// What is to go wrong in this process, from its environment. Nothing is armed unless <see cref="DevelopmentVariable"/> is <c>1</c>.
/// </summary>
/// <param name="Switch">Fires at the points of a round.</param>
/// <param name="Cut">Cuts the process off; null where nothing can.</param>
/// <param name="Links">What is wrong with the process's links; null for nothing.</param>
public sealed record ProcessFaults(FaultSwitch Switch, NetworkCut? Cut, LinkFaults? Links)
{
    /// <summary>Must be <c>1</c> for the others to count.</summary>
    public const string DevelopmentVariable = "ORLEANSEDGE_DEVELOPMENT";

    /// <summary>What happens in the cluster, once each, the same text for all its processes: see <see cref="FaultPlan"/>.</summary>
    public const string PlanVariable = "ORLEANSEDGE_FAULTS";

    /// <summary>The folder by which the processes agree who does it: see <see cref="FaultClaims"/>. A plan needs it.</summary>
    public const string FolderVariable = "ORLEANSEDGE_FAULTS_FOLDER";

    /// <summary>What is wrong with the network: see <see cref="NetworkFaults"/>.</summary>
    public const string NetworkVariable = "ORLEANSEDGE_NETWORK";

    /// <summary>What is wrong with a site's link to its parent: see <see cref="NetworkFaults"/>.</summary>
    public const string UplinkVariable = "ORLEANSEDGE_UPLINK_NETWORK";

    /// <summary>How long a process waits for a fault that another program does.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Nothing goes wrong.</summary>
    public static ProcessFaults None { get; } = new(FaultSwitch.Disarmed, null, null);

    /// <summary>Reads the environment.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="own">What this process can be in a plan.</param>
    /// <exception cref="FormatException">A variable cannot be used; the message is one sentence.</exception>
    public static ProcessFaults FromEnvironment(TimeProvider time, params FaultTarget[] own)
    {
        ArgumentNullException.ThrowIfNull(own);
        if (Environment.GetEnvironmentVariable(DevelopmentVariable) != "1")
        {
            return None;
        }

        var plan = Read(PlanVariable, FaultPlan.Parse) ?? FaultPlan.None;
        var network = Read(NetworkVariable, NetworkFaults.Parse) ?? NetworkFaults.None;
        var cut = new NetworkCut(time);
        var armed = plan.Faults.Count == 0 ? [] : Arm(plan, new FaultClaims(RequireFolder()), cut, time, own);
        return new(
            new FaultSwitch([.. Partitions(network, cut), .. armed]), cut, network.HasLinkFaults ? new LinkFaults(network, time) : null);
    }

    /// <summary>Reads from the environment what is wrong with the site's link to its parent.</summary>
    /// <param name="time">The clock.</param>
    /// <exception cref="FormatException">The variable cannot be used; the message is one sentence.</exception>
    public static ProcessFaults OfUplink(TimeProvider time)
    {
        if (Environment.GetEnvironmentVariable(DevelopmentVariable) != "1" || Read(UplinkVariable, NetworkFaults.Parse) is not { } network)
        {
            return None;
        }

        var cut = new NetworkCut(time);
        return new(new FaultSwitch([.. Partitions(network, cut)]), cut, network.HasLinkFaults ? new LinkFaults(network, time) : null);
    }

    /// <summary>Faults of others first, and last what this process does not survive.</summary>
    private static IEnumerable<ArmedFault> Arm(FaultPlan plan, FaultClaims claims, NetworkCut cut, TimeProvider time, FaultTarget[] own) =>
        from fault in plan.Faults
        where own.Contains(fault.Point.Target)
        let isOwn = own.Contains(fault.Target)
        orderby isOwn, fault.Action descending
        select new ArmedFault(fault.Round, fault.Point, () =>
        {
            if (!claims.TryClaim(fault))
            {
                return;
            }

            if (isOwn)
            {
                Do(fault.Action, cut);
            }
            else
            {
                claims.WaitUntilFinished(fault, Patience, time);
            }
        }, fault.Shard);

    private static void Do(FaultAction action, NetworkCut cut)
    {
        switch (action)
        {
            case FaultAction.Kill:
                using (var process = Process.GetCurrentProcess())
                {
                    process.Kill();
                    new ManualResetEvent(false).WaitOne();
                }

                break;
            case FaultAction.Freeze:
                ProcessSignals.Stop(Environment.ProcessId);
                break;
            default:
                cut.Begin(PlannedFault.Pause);
                break;
        }
    }

    private static IEnumerable<ArmedFault> Partitions(NetworkFaults network, NetworkCut cut)
    {
        if (network.Partition is { } partition)
        {
            int[] begun = [0];
            yield return new(partition.Round, AgentPoints.Received, () =>
            {
                if (Interlocked.Exchange(ref begun[0], 1) == 0)
                {
                    cut.Begin(partition.Duration);
                }
            });
        }
    }

    private static T? Read<T>(string variable, Func<string, T> parse)
        where T : class
    {
        try
        {
            return Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? parse(text) : null;
        }
        catch (FormatException exception)
        {
            throw new FormatException($"{variable} cannot be used: {exception.Message}", exception);
        }
    }

    private static string RequireFolder() => Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } folder && Directory.Exists(folder)
        ? folder
        : throw new FormatException($"{PlanVariable} is set, so {FolderVariable} must name an existing folder, the same for all processes of the cluster.");
}
