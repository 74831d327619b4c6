using System.Security.Cryptography;
using OrleansEdge.Contracts.Identifiers;

namespace OrleansEdge.Grains.Storage.Content;

/// <summary>Content in the making, hashed as it is appended; it has its name when it is complete. For one caller at a time.</summary>
public sealed class ContentWriter : IAsyncDisposable
{
    private readonly ContentStore _store;
    private readonly IBlobWriter _writer;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    internal ContentWriter(ContentStore store, IBlobWriter writer)
    {
        _store = store;
        _writer = writer;
    }

    /// <summary>The number of bytes appended so far.</summary>
    public long Length => _writer.Length;

    /// <summary>Appends a block. The memory is the caller's again when the task ends.</summary>
    public async ValueTask Append(ReadOnlyMemory<byte> block, CancellationToken cancellation = default)
    {
        _hash.AppendData(block.Span);
        await _writer.Append(block, cancellation).ConfigureAwait(false);
    }

    /// <summary>Stores the content durably and returns its hash. Content that is there already is touched, as by <see cref="ContentStore.Put(ReadOnlyMemory{byte}, CancellationToken)"/>.</summary>
    public async ValueTask<ContentHash> Complete(CancellationToken cancellation = default)
    {
        var hash = ContentHash.FromBytes(_hash.GetHashAndReset());
        if (!await _store.TouchIfThere(hash, _writer.Length, cancellation).ConfigureAwait(false))
        {
            await _writer.Commit(ContentStore.NameOf(hash), cancellation: cancellation).ConfigureAwait(false);
        }

        return hash;
    }

    /// <summary>Gives up what was not completed.</summary>
    public async ValueTask DisposeAsync()
    {
        _hash.Dispose();
        await _writer.DisposeAsync().ConfigureAwait(false);
    }
}
