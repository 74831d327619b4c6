using Microsoft.Extensions.Time.Testing;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Contracts.Security;
using OrleansEdge.Contracts.Security.Files;
using OrleansEdge.Contracts.Tests.Security;
using OrleansEdge.Silo.Hosting.Security;
using OrleansEdge.Silo.Tests.Commands;

namespace OrleansEdge.Silo.Tests.Hosting.Security;

/// <summary>A site's signature of what its operators submit.</summary>
public sealed class ModelSigningTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly ContentHash Network = ContentHash.Of([1]);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Site_signs_with_the_key_of_its_folder_what_its_devices_then_run()
    {
        var certificates = Open();
        var signing = new ModelSigning(certificates);

        var source = new ModelSource("lenet.pt", Network) { Signature = signing.Sign(Network) };

        Assert.Null(signing.Refuse(source));
        Assert.Equal(certificates.Intermediates, source.Signature!.Chain);
        Assert.Null(ModelSignatureValidator.Refuse(source, certificates.Site, certificates.Credentials.Authorities));
        Assert.NotNull(signing.Refuse(source with { TorchScript = ContentHash.Of([2]) }));
    }

    [Fact]
    public void Network_from_the_store_is_looked_at_and_not_signed_anew()
    {
        var signing = new ModelSigning(Open());
        using var other = new TestAuthority();
        Assert.Contains("it bears no signature", signing.Refuse(new("lenet.pt", Network)), StringComparison.Ordinal);
        Assert.Contains(
            "another authority", signing.Refuse(new("lenet.pt", Network) { Signature = ModelSigner.Sign(Network, other.SiteCertificate, []) }), StringComparison.Ordinal);
        Assert.Null(signing.Refuse(new("cnn", null)));
    }

    [Fact]
    public void Site_in_clear_signs_nothing_and_asks_for_nothing()
    {
        var signing = new ModelSigning(null);
        Assert.Null(signing.Sign(Network));
        Assert.Null(signing.Refuse(new("lenet.pt", Network)));
    }

    private SiteCertificates Open()
    {
        var files = new CertificateFolder(Path.Combine(_folder.Path, "certificates"));
        files.Init(SiteName.Parse("harbour"), null, Now);
        return SiteCertificates.Open(files, SiteName.Parse("harbour"), ["127.0.0.1"], new FakeTimeProvider(Now));
    }
}
