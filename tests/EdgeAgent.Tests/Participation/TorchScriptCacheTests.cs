using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Contracts.Security;
using OrleansEdge.Contracts.Tests.Security;
using OrleansEdge.EdgeAgent.Participation;
using OrleansEdge.EdgeAgent.Tests.Data;
using OrleansEdge.EdgeAgent.Tests.Security;
using OrleansEdge.Participation.Security;

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

    [Fact]
    public async Task Device_with_certificates_runs_what_its_site_has_signed()
    {
        using var authority = new TestAuthority(now: TimeProvider.System.GetUtcNow());
        using var cache = New(Network, EnrolledDevice.Enrol(_folder.Path, authority));
        Assert.NotNull(await cache.Find(Source with { Signature = ModelSigner.Sign(ContentHash.Of(Network), authority.SiteCertificate, []) }, Cancellation));
        Assert.Null(await cache.Find(new("cnn", null), Cancellation));
    }

    [Fact]
    public async Task Device_with_certificates_does_not_even_fetch_what_its_site_has_not_signed()
    {
        using var authority = new TestAuthority(now: TimeProvider.System.GetUtcNow());
        using var cache = New(Network, EnrolledDevice.Enrol(_folder.Path, authority));
        var swapped = Source with { Signature = ModelSigner.Sign(ContentHash.Of([2]), authority.SiteCertificate, []) };
        foreach (var (source, reason) in new[] { (Source, "it bears no signature"), (swapped, "its signature is of another network") })
        {
            var refusal = await Assert.ThrowsAsync<UntrustedModelException>(() => cache.Find(source, Cancellation));
            Assert.StartsWith($"the network 'network.pt' is not signed by the site 'harbour' or one above it ({reason}", refusal.Message, StringComparison.Ordinal);
        }

        Assert.Equal(0, _fetched);
    }

    [Fact]
    public async Task Network_that_lies_on_the_disk_is_not_run_without_a_signature()
    {
        using (var clear = New(Network))
        {
            Assert.NotNull(await clear.Find(Source, Cancellation));
        }

        using var authority = new TestAuthority(now: TimeProvider.System.GetUtcNow());
        using var cache = New(Network, EnrolledDevice.Enrol(_folder.Path, authority));
        await Assert.ThrowsAsync<UntrustedModelException>(() => cache.Find(Source, Cancellation));
    }

    private TorchScriptCache New(byte[] content, DeviceCredentials? credentials = null) => new((_, _) =>
    {
        _fetched++;
        return Task.FromResult(content);
    }, new(credentials), _folder.Path);
}
