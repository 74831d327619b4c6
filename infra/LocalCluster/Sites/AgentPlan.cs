using System.Globalization;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.LocalCluster.Faults;
using OrleansEdge.LocalCluster.Hierarchy;
using OrleansEdge.LocalCluster.Processes;
using OrleansEdge.LocalCluster.Runs;

namespace OrleansEdge.LocalCluster.Sites;

/// <summary>How the devices of a site are started.</summary>
/// <param name="Place">The site.</param>
/// <param name="Options">What to run.</param>
/// <param name="Work">The run's folder.</param>
/// <param name="Programs">The programs.</param>
/// <param name="Faults">What they are armed with.</param>
/// <param name="Data">The name of the data that they offer.</param>
internal sealed record AgentPlan(SitePlace Place, ClusterOptions Options, WorkFolder Work, ProgramFiles Programs, FaultRecord Faults, DataName Data)
{
    private const string InvitationVariable = "ORLEANSEDGE_INVITE";

    /// <summary>Starts all devices.</summary>
    /// <param name="group">Where their processes belong.</param>
    /// <param name="site">The addresses of the silos.</param>
    /// <param name="invitation">The invitation of all devices; null for a site in clear.</param>
    public void Start(ProcessGroup group, IReadOnlyList<Uri> site, string? invitation)
    {
        for (var number = 1; number <= Place.Devices; number++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"dev{number}");
            var start = ProcessStart.OfProduct(Place.Prefix + name, Programs.Host, Programs.EdgeAgent, Arguments(site, name, number), Work.Temporary);
            group.Start(start with { Environment = Environment(invitation) }, (last, end) => Faults.Explains(end.Id, isSilo: false) ? last : null);
        }
    }

    private Dictionary<string, string> Environment(string? invitation)
    {
        var environment = Faults.Arm().ToDictionary();
        if (invitation is not null)
        {
            environment[InvitationVariable] = invitation;
        }

        return environment;
    }

    private IEnumerable<string> Arguments(IReadOnlyList<Uri> site, string name, int number) =>
    [
        "join",
        .. site.SelectMany(address => new[] { "--site", address.GetLeftPart(UriPartial.Authority) }),
        "--device", name,
        "--data", $"{Data}={Options.Data}",
        "--split", Options.Split,
        "--part", string.Create(CultureInfo.InvariantCulture, $"{Place.FirstPart + number - 1}/{Place.Parts}"),
        "--split-seed", Options.Seed.ToString(CultureInfo.InvariantCulture),
        "--folder", Work.FolderOf(name),
    ];
}
