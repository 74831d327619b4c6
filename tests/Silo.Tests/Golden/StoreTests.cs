using System.Text;
using System.Text.Json;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Grains.Storage;
using OrleansEdge.Grains.Storage.Json;
using OrleansEdge.Grains.Tests.Retention;
using OrleansEdge.Silo.Hosting.Storage;
using OrleansEdge.Silo.Identity;
using OrleansEdge.Tests.Shared.Golden;

namespace OrleansEdge.Silo.Tests.Golden;

/// <summary>What the program around the grains has stored in an earlier release is read as it was meant.</summary>
public sealed class StoreTests
{
    private const string Token = "oe.anna.AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA";

    private static readonly Dictionary<string, object> Samples = new()
    {
        ["OperatorRecord"] = new OperatorRecord(
            "anna", OperatorRole.Operator, OperatorToken.HashOf(Token), new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), new(2026, 2, 3, 4, 5, 6, TimeSpan.Zero)),
        ["ClusterIdentity"] = new ClusterIdentity("harbour-1", "192.0.2.8:7400"),
        ["Settings"] = new Dictionary<string, string> { ["protection"] = "certificates", ["Limits:CallsPerSecond"] = "200" },
    };

    public static TheoryData<string> Names => [.. Samples.Keys];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Names))]
    public void Document_of_an_earlier_release_means_what_it_meant(string name) =>
        Assert.Empty(GoldenValues.Differences(Read(name).Values, GoldenValues.Of(Read(name).Written.Deserialize(Samples[name].GetType(), StateJson.Options))));

    [Fact]
    public async Task Operator_of_an_earlier_release_is_known_by_the_token_of_then()
    {
        var store = await StoreWith("operators", "anna.json", "OperatorRecord");

        var record = await new OperatorStore(store, TimeProvider.System).Find(OperatorToken.NameOf(Token)!.Value, Cancellation);

        Assert.True(OperatorToken.Matches(Token, record!.TokenHash!));
        Assert.Equal(OperatorRole.Operator, record.Role);
    }

    [Fact]
    public async Task Cluster_of_an_earlier_release_has_the_store_that_it_took()
    {
        var store = await StoreWith("site", "tenant.json", "ClusterIdentity");

        var tenancy = new StoreTenancy(store, SiteName.Parse("harbour"), new("another", "elsewhere"), TimeProvider.System);

        Assert.Equal("192.0.2.8:7400", await tenancy.Renew(Cancellation));
    }

    [Fact]
    public void Every_document_that_is_stored_has_a_golden_file() => new JsonUses(typeof(OperatorStore).Assembly).RequireGoldenFiles(
        [.. Samples.Values.Select(sample => sample.GetType())],
        $"{nameof(StoreTests)}.{nameof(Samples)}",
        passing: ["Terminal.Result", "SettingsAudit.Flatten", "TokenEndpoint.Read", "Desk.Read"]);

    private static GoldenFile Read(string name) => GoldenFile.Read(
        $"store/{name}", () => new(JsonSerializer.SerializeToNode(Samples[name], Samples[name].GetType(), StateJson.Options)!, GoldenValues.Of(Samples[name])));

    /// <summary>A store in which an earlier release has left a document, where it left it.</summary>
    private static async Task<MemoryBlobStore> StoreWith(string container, string path, string name)
    {
        var store = new MemoryBlobStore();
        await store.Write(BlobName.Create(container, path), Encoding.UTF8.GetBytes(Read(name).Written.ToJsonString()), cancellation: Cancellation);
        return store;
    }
}
