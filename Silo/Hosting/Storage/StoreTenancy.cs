using System.Text.Json;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Grains.Storage;
using OrleansEdge.Grains.Storage.Json;

namespace OrleansEdge.Silo.Hosting.Storage;

/// <summary>
/// Which cluster works on a store that several processes can reach. Two clusters of one site that know nothing of each other, such as two single
/// silos on two machines, would undo each other's work: the second is refused for as long as the first says again and again that it is there.
/// </summary>
/// <param name="store">The store.</param>
/// <param name="site">Whose it is.</param>
/// <param name="cluster">Which of the site's clusters this is.</param>
/// <param name="time">For the waits; the clocks of machines are not compared.</param>
internal sealed class StoreTenancy(IBlobStore store, SiteName site, ClusterIdentity cluster, TimeProvider time)
{
    /// <summary>How often a cluster says that it is there.</summary>
    public static readonly TimeSpan RenewalPeriod = TimeSpan.FromSeconds(4);

    /// <summary>How long a cluster may be silent before another takes the store.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(15);

    /// <summary>The largest name of a cluster, in bytes.</summary>
    private const long LargestName = 64 << 10;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Where the cluster that has the store is named.</summary>
    public static BlobName Name { get; } = BlobName.Create("site", "tenant.json");

    /// <summary>The cluster that has the store, or is to have it.</summary>
    public ClusterIdentity Cluster => cluster;

    /// <summary>Takes the store, or makes sure that this cluster has it. One that another had is watched first: for 15 s, if it is silent.</summary>
    /// <param name="onWait">Told once that it is waited, and why.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="BlobStoreException">Another cluster of this site works on the store, or the store failed.</exception>
    public async Task Take(Action<string> onWait, CancellationToken cancellation)
    {
        string? seen = null;
        var since = time.GetTimestamp();
        while (true)
        {
            var tenant = await Read(cancellation);
            if (tenant is null || tenant.Cluster == cluster.Id || (tenant.ETag == seen && time.GetElapsedTime(since) >= Lifetime))
            {
                if (await TryWrite(tenant?.ETag, cancellation))
                {
                    return;
                }
            }
            else if (seen is null)
            {
                seen = tenant.ETag;
                onWait($"The store was last used by another cluster of '{site}', at {tenant.Place}. Waiting {Lifetime.TotalSeconds:0} seconds to see whether it still runs.");
            }
            else if (tenant.ETag != seen)
            {
                throw new BlobStoreException(
                    $"Another cluster of the site '{site}', at {tenant.Place}, is working on this store: end it, or give this silo a store of its own; " +
                    "silos that are to work together need the same --cluster.");
            }

            await Task.Delay(Pause, time, cancellation);
        }
    }

    /// <summary>Says again that the cluster is there.</summary>
    /// <returns>Who has the store instead; null when it is this cluster.</returns>
    public async Task<string?> Renew(CancellationToken cancellation)
    {
        var tenant = await Read(cancellation);
        if (tenant is not null && tenant.Cluster != cluster.Id)
        {
            return tenant.Place;
        }

        // If it fails, another silo of the cluster was faster, or another cluster: the next look tells.
        await TryWrite(tenant?.ETag, cancellation);
        return null;
    }

    /// <summary>Gives the store back, so that a cluster elsewhere can take it at once.</summary>
    public async Task Release(CancellationToken cancellation)
    {
        if (await Read(cancellation) is { } tenant && tenant.Cluster == cluster.Id)
        {
            try
            {
                await store.Delete(Name, BlobCondition.IfMatch(tenant.ETag), cancellation);
            }
            catch (BlobConflictException)
            {
                // Somebody else has it by now.
            }
        }
    }

    private async Task<Tenant?> Read(CancellationToken cancellation)
    {
        if (await store.ReadSmall(Name, LargestName, cancellation) is not { } blob)
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<ClusterIdentity>(blob.Bytes.Span, StateJson.Options) is { Id: not null } identity
                ? new(identity.Id, identity.Place, blob.ETag)
                : throw new JsonException("The cluster is missing.");
        }
        catch (JsonException)
        {
            // Whatever it is, a cluster that lives writes it again.
            return new("", "an unknown place", blob.ETag);
        }
    }

    private async Task<bool> TryWrite(string? etag, CancellationToken cancellation)
    {
        try
        {
            var bytes = JsonSerializer.SerializeToUtf8Bytes(cluster, StateJson.Options);
            await store.Write(Name, bytes, BlobCondition.Unchanged(etag), cancellation);
            return true;
        }
        catch (BlobConflictException)
        {
            return false;
        }
    }

    private sealed record Tenant(string Cluster, string Place, string ETag);
}

/// <summary>One cluster of a site: a single silo, or several with one Redis.</summary>
/// <param name="Id">What tells it from others; stays when its silos are started again.</param>
/// <param name="Place">Where it is, for people.</param>
internal sealed record ClusterIdentity(string Id, string Place);
