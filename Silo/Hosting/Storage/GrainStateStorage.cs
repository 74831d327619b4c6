#if OFFICIAL_AZURE_STORAGE
using OrleansEdge.Grains.Storage.Azure;
using OrleansEdge.Grains.Storage.Json;
#endif
using OrleansEdge.Grains.Coordination;
using OrleansEdge.Grains.Storage;
using OrleansEdge.Grains.Storage.Hosting;

namespace OrleansEdge.Silo.Hosting.Storage;

/// <summary>
/// The one place that chooses who keeps the state of grains. Built with <c>-p:OfficialAzureStorage=true</c>, in a storage account it is
/// Microsoft.Orleans.Persistence.AzureStorage; container, names and serializer are the same, so a site can change over and back.
/// </summary>
internal static class GrainStateStorage
{
    /// <summary>Adds the storage of grain state.</summary>
    public static void AddGrainState(this ISiloBuilder silo, IBlobStore blobs)
    {
#if OFFICIAL_AZURE_STORAGE
        if (blobs is AzureBlobStore azure)
        {
            silo.AddAzureBlobGrainStorage(StorageNames.Grains, options =>
            {
                options.BlobServiceClient = azure.Service;
                options.GrainStorageSerializer = new StateJsonSerializer();
            });
            return;
        }
#endif
        silo.AddBlobGrainStorage(StorageNames.Grains, options => options.BlobStore = blobs);
    }
}
