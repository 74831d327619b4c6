using OrleansEdge.Azurite;
using OrleansEdge.Grains.Storage.Azure;

[assembly: AssemblyFixture(typeof(AzuriteFixture))]

namespace OrleansEdge.Grains.Tests.Storage.Azure;

/// <summary>Empty stores for tests.</summary>
internal static class AzuriteAccount
{
    /// <summary>A store that nobody else uses; skips the test, with the reason, where Azurite cannot be had.</summary>
    public static async Task<AzureBlobStore> Open(this AzuriteFixture azurite, AzureBlobStoreOptions? options = null) =>
        AzureBlobStore.Connect(await azurite.ConnectionString(), options);

    /// <summary>The same, as a connection string.</summary>
    public static async Task<string> ConnectionString(this AzuriteFixture azurite)
    {
        try
        {
            return await azurite.NewAccount(TestContext.Current.CancellationToken);
        }
        catch (AzuriteException exception)
        {
            Assert.Skip(exception.Message);
            throw;
        }
    }
}
