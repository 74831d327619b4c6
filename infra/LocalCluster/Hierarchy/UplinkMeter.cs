using OrleansEdge.LocalCluster.Sites;

namespace OrleansEdge.LocalCluster.Hierarchy;

/// <summary>
/// Follows a site's link to its parent over the lives of its silos. The bytes that passed between the last sample and a kill are not counted.
/// </summary>
/// <param name="place">The site.</param>
/// <param name="job">The job's id at the root.</param>
internal sealed class UplinkMeter(SitePlace place, string job)
{
    private (long Up, long Down) earlier;
    private (int Process, long Up, long Down) life;

    /// <summary>How the site stands, as far as it is known.</summary>
    public SiteProgress Progress { get; private set; } = new() { Name = place.Name, Parent = place.Parent!.Value };

    /// <summary>Asks the site; one that does not answer leaves what is known as it is.</summary>
    public async Task Sample(LocalSite site, CancellationToken cancellation)
    {
        foreach (var silo in site.Silos)
        {
            // Any silo tells of the one that holds the link: of several, which one that is shows only by its bytes.
            var process = site.Silos.Count == 1 ? silo.Process.Id : 0;
            if (await site.Client.FindUplink(silo.Ports.Address, cancellation) is { } uplink)
            {
                Add(process, uplink);
                return;
            }
        }
    }

    /// <summary>Takes what a silo says.</summary>
    /// <param name="process">The process that holds the link; 0 where that is not known.</param>
    /// <param name="uplink">How the link stands.</param>
    public void Add(int process, UplinkProgress uplink)
    {
        if (process != life.Process || uplink.BytesUp < life.Up || uplink.BytesDown < life.Down)
        {
            earlier = (earlier.Up + life.Up, earlier.Down + life.Down);
        }

        life = (process, uplink.BytesUp, uplink.BytesDown);
        Progress = Progress with
        {
            IsConnected = uplink.Connected,
            BytesUp = earlier.Up + life.Up,
            BytesDown = earlier.Down + life.Down,
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
