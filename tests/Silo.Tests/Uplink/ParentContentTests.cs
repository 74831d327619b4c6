using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Contracts.Rounds;
using OrleansEdge.Contracts.Security;
using OrleansEdge.Contracts.Tests.Security;
using OrleansEdge.EdgeAgent.Tests.Security;
using OrleansEdge.Participation.Security;
using OrleansEdge.Silo.Tests.Commands;
using OrleansEdge.Silo.Uplink;

namespace OrleansEdge.Silo.Tests.Uplink;

/// <summary>What a site takes from the one above it.</summary>
public sealed class ParentContentTests : IDisposable
{
    private static readonly ContentHash Network = ContentHash.Of([1]);

    private readonly TemporaryFolder _folder = new();
    private readonly TestAuthority _authority = new("cloud", TimeProvider.System.GetUtcNow());

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Network_that_the_site_above_has_not_signed_is_not_fetched()
    {
        // There is nothing to fetch with, so that the attempt would show.
        var content = new ParentContent(null!, null!, new ModelTrust(EnrolledDevice.Enrol(_folder.Path, _authority)));
        var signature = ModelSigner.Sign(ContentHash.Of([2]), _authority.SiteCertificate, []);

        foreach (var source in new ModelSource[] { new("lenet.pt", Network), new("lenet.pt", Network) { Signature = signature } })
        {
            var instruction = new InitialiseInstruction { Id = new(new(JobId.Parse("j"), 0), InstructionKind.Initialise), Source = source, Task = Network };
            var refusal = await Assert.ThrowsAsync<UntrustedModelException>(() => content.Fetch(instruction, TestContext.Current.CancellationToken));
            Assert.StartsWith("the network 'lenet.pt' is not signed by the site 'cloud' or one above it", refusal.Message, StringComparison.Ordinal);
        }
    }
}
