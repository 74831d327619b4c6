using System.Runtime.CompilerServices;
using Azure;
using Azure.Core;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace OrleansEdge.Grains.Storage.Azure;

/// <summary>
/// Blobs in an account of Azure Storage, or in what speaks like one. Any number of processes may share it. Requests that fail for a passing
/// reason are repeated a few times; a write whose answer was lost may then be reported as a conflict although it was done.
/// </summary>
public sealed class AzureBlobStore : IBlobStore
{
    // What the official provider of grain state gives its blobs.
    private static readonly BlobHttpHeaders Headers = new() { ContentType = "application/octet-stream" };

    private static readonly Dictionary<string, string> NoMetadata = [];

    // An attempt fails only because of another writer's success, so this is enough for as many writers of one long blob at once.
    private const int BlockListAttempts = 8;

    private readonly AzureBlobStoreOptions _options;

    private AzureBlobStore(BlobServiceClient service, AzureBlobStoreOptions options)
    {
        Service = service;
        _options = options;
        Account = service.Uri.GetLeftPart(UriPartial.Path).TrimEnd('/');
    }

    /// <summary>The account's address, without any credential.</summary>
    public string Account { get; }

    /// <summary>The client, for other providers that keep something in the same account.</summary>
    public BlobServiceClient Service { get; }

    /// <summary>The account of a connection string. Nothing is asked of it yet.</summary>
    /// <param name="connectionString">As Azure's portal shows it; with a key or a SAS.</param>
    /// <param name="options">Null: the defaults.</param>
    /// <exception cref="BlobStoreException">The text is not a connection string.</exception>
    public static AzureBlobStore Connect(string connectionString, AzureBlobStoreOptions? options = null)
    {
        options ??= new();
        return new(AzureClients.Create(connectionString, options), options);
    }

    /// <summary>The account at an address, by an identity. Nothing is asked of it yet.</summary>
    /// <param name="account">For example <c>https://ACCOUNT.blob.core.windows.net</c>.</param>
    /// <param name="credential">Who the site is.</param>
    /// <param name="options">Null: the defaults.</param>
    /// <exception cref="BlobStoreException">The address is not https.</exception>
    public static AzureBlobStore Connect(Uri account, TokenCredential credential, AzureBlobStoreOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(account);
        options ??= new();
        return new(AzureClients.Create(account, credential, options), options);
    }

    /// <inheritdoc/>
    public ValueTask<BlobContent?> Read(BlobName name, CancellationToken cancellation = default) => Reading<BlobContent?>(name, async blob =>
    {
        using var answer = (await blob.DownloadStreamingAsync(cancellationToken: cancellation).ConfigureAwait(false)).Value;
        if (answer.Details.ContentLength > Array.MaxLength)
        {
            throw new BlobStoreException($"The blob '{name}' has {answer.Details.ContentLength} bytes, too many to be read at once: read it by ranges.");
        }

        var bytes = GC.AllocateUninitializedArray<byte>((int)answer.Details.ContentLength);
        await answer.Content.ReadExactlyAsync(bytes, cancellation).ConfigureAwait(false);
        return new(bytes, Text(answer.Details.ETag));
    }, null, cancellation);

    /// <inheritdoc/>
    public async ValueTask<int> ReadRange(BlobName name, long offset, Memory<byte> destination, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        if (destination.IsEmpty)
        {
            return await GetLength(name, cancellation).ConfigureAwait(false) is null ? -1 : 0;
        }

        return await Reading(name, async blob =>
        {
            try
            {
                var range = new BlobDownloadOptions { Range = new HttpRange(offset, destination.Length) };
                using var answer = (await blob.DownloadStreamingAsync(range, cancellation).ConfigureAwait(false)).Value;
                return await answer.Content.ReadAtLeastAsync(destination, destination.Length, throwOnEndOfStream: false, cancellation).ConfigureAwait(false);
            }
            catch (RequestFailedException exception) when (exception.ErrorCode == BlobErrorCode.InvalidRange)
            {
                return 0;
            }
        }, -1, cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask<Stream?> OpenRead(BlobName name, CancellationToken cancellation = default) => Reading<Stream?>(name, async blob =>
    {
        var answer = await blob.DownloadStreamingAsync(cancellationToken: cancellation).ConfigureAwait(false);
        return new AzureReadStream(answer.Value, Account, name);
    }, null, cancellation);

    /// <inheritdoc/>
    public ValueTask<long?> GetLength(BlobName name, CancellationToken cancellation = default) => Reading<long?>(
        name,
        async blob => (await blob.GetPropertiesAsync(cancellationToken: cancellation).ConfigureAwait(false)).Value.ContentLength,
        null,
        cancellation);

    /// <inheritdoc/>
    public ValueTask<string> Write(
        BlobName name, ReadOnlyMemory<byte> content, BlobCondition condition = default, CancellationToken cancellation = default) =>
        Upload(name, () => BinaryData.FromBytes(content).ToStream(), condition, cancellation);

    /// <inheritdoc/>
    public ValueTask<IBlobWriter> OpenWrite(string container, CancellationToken cancellation = default) =>
        new(new AzureBlobWriter(this, BlobName.RequireContainer(container), _options));

    /// <inheritdoc/>
    public async ValueTask<string?> Touch(BlobName name, BlobCondition condition = default, CancellationToken cancellation = default)
    {
        return await Changing(name, "touch", condition, async (blob, conditions) =>
        {
            // Metadata that is set, if only to none, makes a new ETag.
            var answer = await blob.SetMetadataAsync(NoMetadata, conditions, cancellation).ConfigureAwait(false);
            return Text(answer.Value.ETag);
        }, null, cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask<bool> Delete(BlobName name, BlobCondition condition = default, CancellationToken cancellation = default) =>
        Changing(name, "delete", condition, async (blob, conditions) =>
        {
            await blob.DeleteAsync(DeleteSnapshotsOption.None, conditions, cancellation).ConfigureAwait(false);
            return true;
        }, false, cancellation);

    /// <inheritdoc/>
    public async IAsyncEnumerable<BlobEntry> List(
        string container, string prefix = "", [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        var client = Service.GetBlobContainerClient(BlobName.RequireContainer(container));
        var pages = client.GetBlobsAsync(new GetBlobsOptions { Prefix = prefix }, cancellation).GetAsyncEnumerator(cancellation);
        await using (pages.ConfigureAwait(false))
        {
            while (await MoveNext(pages, container, cancellation).ConfigureAwait(false))
            {
                var (item, properties) = (pages.Current, pages.Current.Properties);
                if (BlobName.TryCreate(container, item.Name, out var name))
                {
                    yield return new(name, properties.ContentLength ?? 0, Text(properties.ETag ?? default), properties.LastModified ?? default);
                }
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask<DateTimeOffset> Now(CancellationToken cancellation = default) => Guard("tell the time", async () =>
    {
        // Every answer has the service's time, also the one that there is no such blob.
        var answer = await Service.GetBlobContainerClient("site").GetBlobClient("clock").ExistsAsync(cancellation).ConfigureAwait(false);
        return answer.GetRawResponse().Headers.Date
            ?? throw new BlobStoreException($"The storage account at '{Account}' does not tell the time: use a service that sends the header Date.");
    }, cancellation);

    /// <inheritdoc/>
    public string Describe(BlobName name) => Blob(name).Uri.GetLeftPart(UriPartial.Path);

    /// <summary>Writes a blob from a stream that <paramref name="open"/> gives anew for each attempt.</summary>
    internal ValueTask<string> Upload(BlobName name, Func<Stream> open, BlobCondition condition, CancellationToken cancellation)
    {
        var options = new BlobUploadOptions
        {
            HttpHeaders = Headers,
            Conditions = ConditionsOf(condition),
            TransferOptions = new StorageTransferOptions
            {
                InitialTransferSize = _options.SinglePutLength,
                MaximumTransferSize = _options.BlockLength,
                MaximumConcurrency = _options.ConcurrentBlocks,
            },
        };
        return Guard($"write '{name}'", async () =>
        {
            for (var attempt = 1; ; attempt++)
            {
                try
                {
                    using var content = open();
                    return Text((await Blob(name).UploadAsync(content, options, cancellation).ConfigureAwait(false)).Value.ETag);
                }
                catch (RequestFailedException exception) when (AzureErrors.IsContainerAbsent(exception) && attempt == 1)
                {
                    await Service.GetBlobContainerClient(name.Container).CreateIfNotExistsAsync(cancellationToken: cancellation).ConfigureAwait(false);
                }
                catch (RequestFailedException exception) when (exception.ErrorCode == BlobErrorCode.InvalidBlockList && attempt < BlockListAttempts)
                {
                    // Another writer of the same blob has committed in between, which drops the blocks of all others.
                }
                catch (RequestFailedException exception) when (!condition.IsEmpty && AzureErrors.IsConflict(exception))
                {
                    throw BlobConflictException.On(name, condition, exception);
                }
            }
        }, cancellation);
    }

    private static string Text(ETag etag) => etag.ToString("H");

    private static BlobRequestConditions ConditionsOf(BlobCondition condition) => new()
    {
        IfNoneMatch = condition.RequiresAbsence ? ETag.All : null,
        IfMatch = condition.RequiredETag is { } etag ? new ETag(etag) : null,
    };

    private BlobClient Blob(BlobName name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Path.Contains('\\', StringComparison.Ordinal))
        {
            throw new BlobStoreException($"The blob '{name}' cannot be kept in Azure Storage, which takes a backslash for a slash: use another name.");
        }

        return Service.GetBlobContainerClient(name.Container).GetBlobClient(name.Path);
    }

    private ValueTask<T> Reading<T>(BlobName name, Func<BlobClient, Task<T>> read, T none, CancellationToken cancellation) =>
        Guard($"read '{name}'", async () =>
        {
            try
            {
                return await read(Blob(name)).ConfigureAwait(false);
            }
            catch (RequestFailedException exception) when (AzureErrors.IsAbsent(exception))
            {
                return none;
            }
        }, cancellation);

    /// <summary>A change of a blob that must be there; <paramref name="none"/> where it is not.</summary>
    private async ValueTask<T> Changing<T>(
        BlobName name, string verb, BlobCondition condition, Func<BlobClient, BlobRequestConditions, Task<T>> change, T none, CancellationToken cancellation)
    {
        if (condition.RequiresAbsence)
        {
            return await GetLength(name, cancellation).ConfigureAwait(false) is null ? none : throw BlobConflictException.On(name, condition);
        }

        return await Guard($"{verb} '{name}'", async () =>
        {
            try
            {
                return await change(Blob(name), ConditionsOf(condition)).ConfigureAwait(false);
            }
            catch (RequestFailedException exception) when (AzureErrors.IsAbsent(exception))
            {
                return none;
            }
            catch (RequestFailedException exception) when (!condition.IsEmpty && AzureErrors.IsConflict(exception))
            {
                // The service may check the condition first and say of a blob that is not there that it does not match.
                return await GetLength(name, cancellation).ConfigureAwait(false) is null ? none : throw BlobConflictException.On(name, condition, exception);
            }
        }, cancellation).ConfigureAwait(false);
    }

    private ValueTask<bool> MoveNext(IAsyncEnumerator<BlobItem> pages, string container, CancellationToken cancellation) =>
        Guard($"list '{container}'", async () =>
        {
            try
            {
                return await pages.MoveNextAsync().ConfigureAwait(false);
            }
            catch (RequestFailedException exception) when (AzureErrors.IsContainerAbsent(exception))
            {
                return false;
            }
        }, cancellation);

    private async ValueTask<T> Guard<T>(string action, Func<Task<T>> call, CancellationToken cancellation)
    {
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (Exception exception) when (AzureErrors.IsFailure(exception, cancellation))
        {
            throw AzureErrors.Explain(exception, Account, action);
        }
    }
}
