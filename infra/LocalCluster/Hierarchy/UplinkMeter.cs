using OrleansEdge.LocalCluster.Sites;

namespace OrleansEdge.LocalCluster.Hierarchy;

/// <summary>
/// Follows a site's link to its parent over the lives of its silos. The bytes that passed between the last sample and a kill are not counted.
/// </summary>
/// <param name="place">The site.</param>
/// <param name="job">The job's id at the root.</param>
internal sealed class UplinkMeter(SitePlace place, string job)
{
    private readonly Dictionary<int, (long Up, long Down)> lives = [];

    /// <summary>How the site stands, as far as it is known.</summary>
    public SiteProgress Progress { get; private set; } = new() { Name = place.Name, Parent = place.Parent!.Value };

    /// <summary>Asks each silo of the site; one that does not answer leaves what is known as it is.</summary>
    public async Task Sample(LocalSite site, CancellationToken cancellation)
    {
        foreach (var silo in site.Silos)
        {
            var process = silo.Process.Id;
            if (await site.Client.FindUplink(silo.Ports.Address, cancellation) is { } uplink)
            {
                Add(process, uplink);
            }
        }
    }

    /// <summary>Takes what a silo's process says.</summary>
    public void Add(int process, UplinkProgress uplink)
    {
        lives[process] = (uplink.BytesUp, uplink.BytesDown);
        Progress = Progress with
        {
            IsConnected = uplink.Connected,
            BytesUp = lives.Values.Sum(life => life.Up),
            BytesDown = lives.Values.Sum(life => life.Down),
        };
        if (uplink.Jobs.FirstOrDefault(candidate => candidate.Job == job) is { } known)
        {
            Progress = Progress with
            {
                ParentRound = known.ParentRound,
                Rounds = known.Rounds,
                AutonomousRounds = known.AutonomousRounds,
                StaleUpdatesAccepted = known.StaleUpdatesAccepted,
                UpdatesAccepted = known.UpdatesAccepted,
                Accuracy = known.Accuracy ?? Progress.Accuracy,
            };
        }
    }
}
