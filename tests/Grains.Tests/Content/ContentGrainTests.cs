using System.Security.Cryptography;
using OrleansEdge.Contracts.Content;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Grains.Storage;
using OrleansEdge.Grains.Tests.Cluster;

namespace OrleansEdge.Grains.Tests.Content;

public sealed class ContentGrainTests
{
    [Fact]
    public async Task A_store_that_is_away_is_not_taken_for_one_that_does_not_have_the_content()
    {
        await using var fleet = await TestFleet.Start();
        var content = fleet.Site.Grains.GetGrain<IContentGrain>(ContentHash.Parse(Convert.ToHexStringLower(SHA256.HashData([1]))).ToString());

        fleet.Site.Store.Die();
        var away = await Record.ExceptionAsync(() => content.Read(0, 1, CancellationToken.None).AsTask());
        fleet.Site.Store.Revive();

        Assert.IsType<BlobStoreException>(away);
        await Assert.ThrowsAsync<ContentMissingException>(() => content.Read(0, 1, CancellationToken.None).AsTask());
    }
}
