using System.Text.Json;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Grains.Storage.Json;

namespace OrleansEdge.Grains.Storage;

/// <summary>
/// A store belongs to one site, whose name is written in it: two that were given the same store by mistake would mix their jobs and models.
/// </summary>
public static class StoreOwner
{
    private const long LargestOwner = 64 << 10;

    /// <summary>Where the name is.</summary>
    public static BlobName Name { get; } = BlobName.Create("site", "owner.json");

    /// <summary>Takes a store that nobody owns, or makes sure that it is this site's.</summary>
    /// <returns>What tells this store from all others, by whatever address it is reached; empty for one that was taken before stores had that.</returns>
    /// <exception cref="BlobStoreException">It belongs to another site, or cannot be read or written.</exception>
    public static async Task<Guid> Claim(IBlobStore store, SiteName site, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        var owner = await Read(store, cancellation).ConfigureAwait(false);
        if (owner is null)
        {
            owner = new Owner(site, Guid.NewGuid());
            try
            {
                await store.Write(
                    Name, JsonSerializer.SerializeToUtf8Bytes(owner, StateJson.Options), BlobCondition.IfAbsent, cancellation).ConfigureAwait(false);
            }
            catch (BlobConflictException)
            {
                owner = await Read(store, cancellation).ConfigureAwait(false);
            }
        }

        return owner is null || owner.Site == site
            ? owner?.Store ?? Guid.Empty
            : throw new BlobStoreException(
                $"The store belongs to the site '{owner.Site}' (so says '{store.Describe(Name)}'), and this one is '{site}': give each site a store of its own, " +
                $"or start this one with --name {owner.Site}.");
    }

    private static async Task<Owner?> Read(IBlobStore store, CancellationToken cancellation)
    {
        if (await store.ReadSmall(Name, LargestOwner, cancellation).ConfigureAwait(false) is not { } blob)
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<Owner>(blob.Bytes.Span, StateJson.Options) is { Site.Value: not null } owner
                ? owner
                : throw new JsonException("The name is missing.");
        }
        catch (JsonException exception)
        {
            throw new BlobStoreException(
                $"'{store.Describe(Name)}' does not say whose store this is: if it is this site's, delete that file or blob and start again.", exception);
        }
    }

    private sealed record Owner(SiteName Site, Guid Store);
}
