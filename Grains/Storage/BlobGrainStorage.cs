using System.Text.Json;
using Orleans.Runtime;
using Orleans.Serialization.Serializers;
using Orleans.Storage;
using OrleansEdge.Grains.Storage.Providers;

namespace OrleansEdge.Grains.Storage;

/// <summary>
/// Grain state as blobs: one for each state, named <c>{stateName}-{grainId}.json</c>, holding the serializer's output and nothing else.
/// Each write is conditional on what the activation last saw, so of two activations of a grain only one can go on.
/// An empty blob is the tombstone of a cleared state.
/// </summary>
internal sealed class BlobGrainStorage(IBlobStore blobs, BlobGrainStorageOptions options, IActivatorProvider activators) : IGrainStorage
{
    private const string UnknownETag = "Unknown";

    /// <summary>The largest state that is read, in bytes: 16 MiB. The product's own stay below 64 KiB.</summary>
    private const long LargestState = 16 << 20;

    /// <inheritdoc/>
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        ReadStateAsync(stateName, grainId, grainState, CancellationToken.None);

    /// <inheritdoc/>
    /// <exception cref="BlobStoreException">The blob cannot be read or understood; <paramref name="grainState"/> is as it was.</exception>
    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
    {
        var name = NameOf(stateName, grainId);
        var content = await blobs.ReadSmall(name, LargestState, cancellationToken).ConfigureAwait(false);
        if (content is null or { Bytes.IsEmpty: true })
        {
            grainState.State = activators.GetActivator<T>().Create();
            grainState.ETag = content?.ETag;
            grainState.RecordExists = false;
            return;
        }

        var state = Deserialize<T>(name, content.Bytes);
        grainState.State = state;
        grainState.ETag = content.ETag;
        grainState.RecordExists = true;
    }

    /// <inheritdoc/>
    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        WriteStateAsync(stateName, grainId, grainState, CancellationToken.None);

    /// <inheritdoc/>
    /// <exception cref="InconsistentStateException">Someone else wrote the state since it was read.</exception>
    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
    {
        var body = options.GrainStorageSerializer.Serialize(grainState.State);
        grainState.ETag = await Guard(
            grainState.ETag,
            async () => await blobs.Write(
                NameOf(stateName, grainId), body, BlobCondition.Unchanged(grainState.ETag), cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
        grainState.RecordExists = true;
    }

    /// <inheritdoc/>
    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        ClearStateAsync(stateName, grainId, grainState, CancellationToken.None);

    /// <inheritdoc/>
    /// <exception cref="InconsistentStateException">Someone else wrote the state since it was read.</exception>
    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
    {
        var name = NameOf(stateName, grainId);
        var condition = BlobCondition.Unchanged(grainState.ETag);
        grainState.ETag = await Guard(grainState.ETag, async () =>
        {
            if (!options.DeleteStateOnClear)
            {
                return await blobs.Write(name, ReadOnlyMemory<byte>.Empty, condition, cancellationToken).ConfigureAwait(false);
            }

            await blobs.Delete(name, condition, cancellationToken).ConfigureAwait(false);
            return null;
        }).ConfigureAwait(false);
        grainState.RecordExists = false;
        grainState.State = activators.GetActivator<T>().Create();
    }

    private static async ValueTask<string?> Guard(string? etag, Func<ValueTask<string?>> change)
    {
        try
        {
            return await change().ConfigureAwait(false);
        }
        catch (BlobConflictException exception)
        {
            throw new InconsistentStateException(exception.Message, exception.CurrentETag ?? UnknownETag, etag ?? "", exception);
        }
    }

    private BlobName NameOf(string stateName, GrainId grainId)
    {
        try
        {
            return BlobName.Create(options.ContainerName, $"{stateName}-{grainId}.json");
        }
        catch (FormatException exception)
        {
            throw new BlobStoreException($"The state '{stateName}' of the grain '{grainId}' cannot be stored: {exception.Message}", exception);
        }
    }

    private T Deserialize<T>(BlobName name, ReadOnlyMemory<byte> body)
    {
        try
        {
            // A state may be null on purpose; a grain then begins with a new one.
            return options.GrainStorageSerializer.Deserialize<T>(new BinaryData(body)) ?? activators.GetActivator<T>().Create();
        }
        catch (Exception exception) when (exception is JsonException or FormatException or NotSupportedException or ArgumentException or InvalidOperationException)
        {
            throw new BlobStoreException(
                $"The state in '{blobs.Describe(name)}' is damaged or not a {typeof(T).Name}: restore it from a backup, or delete it to begin anew.",
                exception);
        }
    }
}
