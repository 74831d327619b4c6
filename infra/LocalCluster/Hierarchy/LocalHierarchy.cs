using System.Collections.Immutable;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.LocalCluster.Faults;
using OrleansEdge.LocalCluster.Processes;
using OrleansEdge.LocalCluster.Runs;
using OrleansEdge.LocalCluster.Sites;

namespace OrleansEdge.LocalCluster.Hierarchy;

/// <summary>The sites of a run: one alone, or a root with sites below it, each with a store and processes of its own.</summary>
internal sealed class LocalHierarchy : IAsyncDisposable
{
    private readonly TimeProvider time;
    private readonly long began;

    /// <summary>Prepares the sites; nothing runs yet.</summary>
    /// <param name="options">What to run.</param>
    /// <param name="work">The run's folder.</param>
    /// <param name="programs">The programs.</param>
    /// <param name="data">The name of the data that devices offer.</param>
    /// <param name="time">The clock.</param>
    public LocalHierarchy(ClusterOptions options, WorkFolder work, ProgramFiles programs, DataName data, TimeProvider time)
    {
        this.time = time;
        began = time.GetTimestamp();
        Sites =
        [
            .. options.Places.Select(place =>
                new LocalSite(place, options, place.Parent is null ? work : work.Of(place.Name), programs, data, () => Elapsed, time)),
        ];
    }

    /// <summary>All sites, the root first and parents before their children.</summary>
    public IReadOnlyList<LocalSite> Sites { get; }

    /// <summary>The site that runs the job.</summary>
    public LocalSite Root => Sites[0];

    /// <summary>What was done so far, in the order in which it happened.</summary>
    public ImmutableList<Fault> Faults => [.. Sites.SelectMany(site => site.Faults).OrderBy(fault => fault.Seconds)];

    /// <summary>How often a process was started again.</summary>
    public int Restarts => Sites.Sum(site => site.Restarts);

    /// <summary>Since the run began.</summary>
    public TimeSpan Elapsed => time.GetElapsedTime(began);

    /// <summary>Fails as soon as a process ends by itself.</summary>
    public Task Completion => Task.WhenAny(Sites.Select(site => site.Completion)).Unwrap();

    /// <summary>Starts the silos of all sites, each tier when the one above it is ready, and then all devices.</summary>
    /// <exception cref="ClusterException">A process ends, or a site does not get ready in time.</exception>
    public async Task Start(CancellationToken cancellation)
    {
        foreach (var tier in Sites.GroupBy(site => site.Place.Tier))
        {
            await Task.WhenAll(tier.Select(site => site.StartSilos(ParentOf(site), cancellation)));
        }

        await Task.WhenAll(Sites.Select(site => site.StartAgents(cancellation)));
    }

    /// <summary>The sites directly below one.</summary>
    public IEnumerable<LocalSite> ChildrenOf(LocalSite site) => Sites.Where(other => other.Place.Parent == site.Place.Name);

    /// <summary>Restarts all silos of all sites, one after the other, as for an upgrade.</summary>
    /// <param name="round">The root's round at the moment, for the record.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="ClusterException">A silo does not end, or does not get ready again.</exception>
    public async Task RestartSilos(Func<int> round, CancellationToken cancellation)
    {
        foreach (var site in Sites)
        {
            await site.RestartSilos(round, cancellation);
        }
    }

    /// <summary>Ends all processes of all sites, at the same time.</summary>
    public async ValueTask DisposeAsync() => await Task.WhenAll(Sites.Select(site => site.DisposeAsync().AsTask()));

    private LocalSite? ParentOf(LocalSite site) => Sites.FirstOrDefault(other => other.Place.Name == site.Place.Parent);
}
