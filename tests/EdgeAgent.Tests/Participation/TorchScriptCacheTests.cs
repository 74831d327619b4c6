using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Models;
using OrleansEdge.EdgeAgent.Participation;
using OrleansEdge.EdgeAgent.Tests.Data;

namespace OrleansEdge.EdgeAgent.Tests.Participation;

/// <summary>Networks that lie on a device's disk, to which others may write.</summary>
public sealed class TorchScriptCacheTests : IDisposable
{
    private static readonly byte[] Network = [1, 2, 3, 4];

    private readonly TestFolder _folder = new();
    private int _fetched;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static ModelSource Source => new("network.pt", ContentHash.Of(Network));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_network_is_fetched_once()
    {
        using var cache = New(Network);
        Assert.Equal(Network, await File.ReadAllBytesAsync((await cache.Find(Source, Cancellation))!, Cancellation));
        await cache.Find(Source, Cancellation);
        Assert.Equal(1, _fetched);
    }

    [Fact]
    public async Task A_network_that_was_changed_on_the_disk_is_fetched_again()
    {
        using var cache = New(Network);
        var file = (await cache.Find(Source, Cancellation))!;
        await File.WriteAllBytesAsync(file, [9, 9, 9, 9], Cancellation);
        Assert.Equal(Network, await File.ReadAllBytesAsync((await cache.Find(Source, Cancellation))!, Cancellation));
        Assert.Equal(2, _fetched);
    }

    [Fact]
    public async Task A_built_in_network_needs_no_file()
    {
        using var cache = New(Network);
        Assert.Null(await cache.Find(new("cnn", null), Cancellation));
        Assert.Equal(0, _fetched);
    }

    private TorchScriptCache New(byte[] content) => new((_, _) =>
    {
        _fetched++;
        return Task.FromResult(content);
    }, _folder.Path);
}
