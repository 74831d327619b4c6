using Azure.Core;
using Azure.Storage.Blobs;

namespace OrleansEdge.Grains.Storage.Azure;

/// <summary>Clients of the storage service.</summary>
internal static class AzureClients
{
    // The newest version that Azurite knows; pinned, so that an update of the library does not shut out older services.
    private const BlobClientOptions.ServiceVersion Version = BlobClientOptions.ServiceVersion.V2026_06_06;

    internal static BlobServiceClient Create(string connectionString, AzureBlobStoreOptions options)
    {
        try
        {
            return new(connectionString, Configure(options));
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException or InvalidOperationException)
        {
            // Neither the text nor the library's message is shown: both may hold the account's key.
            throw new BlobStoreException(
                "The store's connection string is not one of Azure Storage: copy it whole, as in " +
                "'DefaultEndpointsProtocol=https;AccountName=NAME;AccountKey=KEY;EndpointSuffix=core.windows.net'.");
        }
    }

    internal static BlobServiceClient Create(Uri account, TokenCredential credential, AzureBlobStoreOptions options) =>
        account.Scheme == Uri.UriSchemeHttps
            ? new(account, credential, Configure(options))
            : throw new BlobStoreException($"The store '{account}' is not reached over https, which credentials need: write https://ACCOUNT.blob.core.windows.net.");

    private static BlobClientOptions Configure(AzureBlobStoreOptions options) => new(Version)
    {
        Retry =
        {
            Mode = RetryMode.Exponential,
            MaxRetries = options.MaximumRetries,
            Delay = options.RetryDelay,
            NetworkTimeout = options.NetworkTimeout,
        },
    };
}
