using System.Buffers;
using System.Security.Cryptography;
using OrleansEdge.Contracts.Identifiers;

namespace OrleansEdge.Grains.Storage.Content;

/// <summary>
/// Immutable content under its SHA-256, on any <see cref="IBlobStore"/>: container <c>content</c>, path <c>ab/abcd…</c> (the first two digits,
/// then all).
/// </summary>
/// <param name="blobs">Where the content lies.</param>
public sealed class ContentStore(IBlobStore blobs)
{
    /// <summary>The container of all content.</summary>
    public const string Container = "content";

    private const int BlockLength = 1 << 20;

    /// <summary>The blob of some content.</summary>
    public static BlobName NameOf(ContentHash hash) => BlobName.Create(Container, $"{hash.Hex[..2]}/{hash.Hex}");

    /// <summary>
    /// Stores <paramref name="content"/> durably. Content that is there already, in its full length, is touched instead: a collector of
    /// orphans that has marked it can no longer delete it.
    /// </summary>
    public async ValueTask<ContentHash> Put(ReadOnlyMemory<byte> content, CancellationToken cancellation = default)
    {
        var hash = ContentHash.Of(content.Span);
        if (!await TouchIfThere(hash, content.Length, cancellation).ConfigureAwait(false))
        {
            await blobs.Write(NameOf(hash), content, cancellation: cancellation).ConfigureAwait(false);
        }

        return hash;
    }

    /// <summary>Stores what <paramref name="producer"/> appends. When the producer fails, nothing is left.</summary>
    public async ValueTask<ContentHash> Put(Func<ContentWriter, CancellationToken, ValueTask> producer, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(producer);
        var writer = await OpenWrite(cancellation).ConfigureAwait(false);
        await using (writer.ConfigureAwait(false))
        {
            await producer(writer, cancellation).ConfigureAwait(false);
            return await writer.Complete(cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Begins content that is written block by block.</summary>
    public async ValueTask<ContentWriter> OpenWrite(CancellationToken cancellation = default) =>
        new(this, await blobs.OpenWrite(Container, cancellation).ConfigureAwait(false));

    /// <summary>The content's length in bytes; null when there is none.</summary>
    public ValueTask<long?> GetLength(ContentHash hash, CancellationToken cancellation = default) => blobs.GetLength(NameOf(hash), cancellation);

    /// <summary>Reads a whole content, checked against its hash.</summary>
    /// <exception cref="DamagedContentException">It is missing, or its bytes have another hash.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> Read(ContentHash hash, CancellationToken cancellation = default)
    {
        var content = await blobs.Read(NameOf(hash), cancellation).ConfigureAwait(false) ?? throw Missing(hash);
        return ContentHash.Of(content.Bytes.Span) == hash ? content.Bytes : throw Damaged(hash);
    }

    /// <summary>Reads a whole content that something small is kept in, checked against its hash. What is larger is not read at all.</summary>
    /// <param name="hash">Which.</param>
    /// <param name="limit">The largest length, in bytes.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="DamagedContentException">It is missing, larger, or its bytes have another hash.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> ReadSmall(ContentHash hash, long limit, CancellationToken cancellation = default) =>
        await GetLength(hash, cancellation).ConfigureAwait(false) is { } length && length > limit
            ? throw DamagedContentException.TooLarge(hash, blobs.Describe(NameOf(hash)), length, limit)
            : await Read(hash, cancellation).ConfigureAwait(false);

    /// <summary>
    /// Fills <paramref name="destination"/> from byte <paramref name="offset"/> on and returns the number of bytes, smaller only at the
    /// content's end. A part cannot be checked against the hash of the whole: see <see cref="Verify"/>.
    /// </summary>
    /// <exception cref="DamagedContentException">It is missing.</exception>
    public async ValueTask<int> ReadRange(ContentHash hash, long offset, Memory<byte> destination, CancellationToken cancellation = default)
    {
        var read = await blobs.ReadRange(NameOf(hash), offset, destination, cancellation).ConfigureAwait(false);
        return read >= 0 ? read : throw Missing(hash);
    }

    /// <summary>
    /// A forward stream over the content that hashes what passes and throws <see cref="DamagedContentException"/> at the end, before it says
    /// that it is at the end, if the hash differs.
    /// </summary>
    /// <exception cref="DamagedContentException">It is missing.</exception>
    public async ValueTask<Stream> OpenRead(ContentHash hash, CancellationToken cancellation = default)
    {
        var stream = await blobs.OpenRead(NameOf(hash), cancellation).ConfigureAwait(false) ?? throw Missing(hash);
        return new VerifyingStream(stream, hash, blobs.Describe(NameOf(hash)));
    }

    /// <summary>Reads the whole content, in blocks, against its hash.</summary>
    /// <exception cref="DamagedContentException">It is missing, or its bytes have another hash.</exception>
    public async ValueTask Verify(ContentHash hash, CancellationToken cancellation = default)
    {
        var stream = await OpenRead(hash, cancellation).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            var block = ArrayPool<byte>.Shared.Rent(BlockLength);
            try
            {
                while (await stream.ReadAsync(block, cancellation).ConfigureAwait(false) > 0)
                {
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(block);
            }
        }
    }

    /// <summary>
    /// Keeps content that something has come to refer to: a collector of orphans that has marked it can no longer delete it. False if it is
    /// not there any more.
    /// </summary>
    public async ValueTask<bool> Touch(ContentHash hash, CancellationToken cancellation = default) =>
        await blobs.Touch(NameOf(hash), cancellation: cancellation).ConfigureAwait(false) is not null;

    /// <summary>The content of a blob; null where the blob is none.</summary>
    internal static ContentHash? HashOf(BlobName name)
    {
        var hex = name.Path[(name.Path.LastIndexOf('/') + 1)..];
        return hex.Length == 2 * SHA256.HashSizeInBytes && hex.All(char.IsAsciiHexDigitLower) && NameOf(ContentHash.Parse(hex)) == name
            ? ContentHash.Parse(hex)
            : null;
    }

    /// <summary>
    /// Touches content that is there in its full length. False for one that is not: a shorter or longer file under its name is damage, to be
    /// written over.
    /// </summary>
    internal async ValueTask<bool> TouchIfThere(ContentHash hash, long length, CancellationToken cancellation) =>
        await blobs.GetLength(NameOf(hash), cancellation).ConfigureAwait(false) == length
        && await blobs.Touch(NameOf(hash), cancellation: cancellation).ConfigureAwait(false) is not null;

    internal DamagedContentException Missing(ContentHash hash) => DamagedContentException.Missing(hash, blobs.Describe(NameOf(hash)));

    private DamagedContentException Damaged(ContentHash hash) => DamagedContentException.Differs(hash, blobs.Describe(NameOf(hash)));
}
