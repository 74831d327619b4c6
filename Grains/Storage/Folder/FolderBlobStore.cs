using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Win32.SafeHandles;

namespace OrleansEdge.Grains.Storage.Folder;

/// <summary>
/// Blobs as files in a local folder, for one process at a time. A write goes to a temporary file, is flushed, renamed over the blob's file,
/// and the folder is flushed: two flushes, after which it is durable, and at no moment is there a mixture of old and new. The folder and
/// all in it must lie in one file system.
/// </summary>
public sealed class FolderBlobStore : IBlobStore, IDisposable
{
    private const string TemporaryFolder = ".temporary";
    private const int LockStripes = 64;

    private readonly FolderBlobStoreOptions _options;
    private readonly FolderLock _lock;
    private readonly FolderClock _clock;
    private readonly DiskThreads _threads;
    private readonly SemaphoreSlim[] _writers = [.. Enumerable.Range(0, LockStripes).Select(_ => new SemaphoreSlim(1))];
    private long _temporaryNumber;
    private bool _disposed;

    private FolderBlobStore(string folder, FolderBlobStoreOptions options, FolderLock folderLock)
    {
        Folder = folder;
        _options = options;
        _lock = folderLock;
        _clock = new(options.Time);
        _threads = new(options.DiskThreads);
    }

    /// <summary>The folder's full path.</summary>
    public string Folder { get; }

    /// <summary>Opens a folder, making it where there is none; takes its lock and deletes what a dead predecessor left half-written.</summary>
    /// <param name="folder">The folder's path.</param>
    /// <param name="options">Null: the defaults.</param>
    /// <exception cref="BlobStoreException">Another process holds the folder, or it is not writable.</exception>
    public static FolderBlobStore Open(string folder, FolderBlobStoreOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        options ??= new();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.DiskThreads, 1);
        var path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        try
        {
            TemporaryFile.CreateFolder(path);
            var folderLock = FolderLock.Take(path);
            try
            {
                ClearTemporaryFiles(path);
                return new(path, options, folderLock);
            }
            catch
            {
                folderLock.Dispose();
                throw;
            }
        }
        catch (Exception exception) when (FolderErrors.IsMediumFailure(exception))
        {
            throw FolderErrors.Explain(exception, path, "open the store");
        }
    }

    /// <inheritdoc/>
    public ValueTask<BlobContent?> Read(BlobName name, CancellationToken cancellation = default) => Reading(name, "read", async handle =>
    {
        var length = RandomAccess.GetLength(handle);
        if (length > Array.MaxLength)
        {
            throw new BlobStoreException($"The blob '{name}' has {length} bytes, too many to be read at once: read it by ranges.");
        }

        var bytes = GC.AllocateUninitializedArray<byte>((int)length);
        if (await Fill(handle, 0, bytes, cancellation).ConfigureAwait(false) < bytes.Length)
        {
            throw new BlobStoreException($"The file '{Describe(name)}' became shorter while it was read: nothing but the silo may write there.");
        }

        return new BlobContent(bytes, FolderETag.Of(handle));
    }, null);

    /// <inheritdoc/>
    public ValueTask<int> ReadRange(BlobName name, long offset, Memory<byte> destination, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        return Reading(name, "read", handle => Fill(handle, offset, destination, cancellation), -1);
    }

    /// <inheritdoc/>
    public ValueTask<Stream?> OpenRead(BlobName name, CancellationToken cancellation = default)
    {
        var path = FilePath(name);
        try
        {
            return new(new FileStream(OpenRead(path, FileOptions.SequentialScan), FileAccess.Read));
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return new((Stream?)null);
        }
        catch (Exception exception) when (FolderErrors.IsMediumFailure(exception))
        {
            throw FolderErrors.Explain(exception, Folder, $"read '{name}'");
        }
    }

    /// <inheritdoc/>
    public ValueTask<long?> GetLength(BlobName name, CancellationToken cancellation = default)
    {
        var file = new FileInfo(FilePath(name));
        return new(file.Exists ? file.Length : null);
    }

    /// <inheritdoc/>
    public async ValueTask<string> Write(
        BlobName name, ReadOnlyMemory<byte> content, BlobCondition condition = default, CancellationToken cancellation = default)
    {
        return await Writing(name, $"write '{name}'", path =>
        {
            Require(name, condition, path);
            using var file = CreateTemporaryFile();
            file.Append(content.Span);
            return file.RenameTo(path);
        }, cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask<IBlobWriter> OpenWrite(string container, CancellationToken cancellation = default)
    {
        BlobName.RequireContainer(container);
        ObjectDisposedException.ThrowIf(_disposed, this);
        try
        {
            return new(new FolderBlobWriter(this, container, CreateTemporaryFile()));
        }
        catch (Exception exception) when (FolderErrors.IsMediumFailure(exception))
        {
            throw FolderErrors.Explain(exception, Folder, $"write a blob of '{container}'");
        }
    }

    /// <inheritdoc/>
    public async ValueTask<string?> Touch(BlobName name, BlobCondition condition = default, CancellationToken cancellation = default)
    {
        return await Writing(name, $"touch '{name}'", path =>
        {
            if (!File.Exists(path))
            {
                return null;
            }

            Require(name, condition, path);
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
            _clock.Stamp(file, path);
            RandomAccess.FlushToDisk(file);
            return FolderETag.Of(file);
        }, cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> Delete(BlobName name, BlobCondition condition = default, CancellationToken cancellation = default)
    {
        return await Writing(name, $"delete '{name}'", path =>
        {
            if (!File.Exists(path))
            {
                return false;
            }

            Require(name, condition, path);
            File.Delete(path);
            FolderDurability.Flush(Path.GetDirectoryName(path)!);
            return true;
        }, cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<BlobEntry> List(
        string container, string prefix = "", [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        var root = Path.Combine(Folder, BlobName.RequireContainer(container));
        var entries = await _threads.Run(() => FolderListing.Read(root, container, prefix), cancellation).ConfigureAwait(false);
        foreach (var entry in entries)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return entry;
        }
    }

    /// <inheritdoc/>
    public ValueTask<DateTimeOffset> Now(CancellationToken cancellation = default) => new(new DateTimeOffset(_clock.Now));

    /// <inheritdoc/>
    public string Describe(BlobName name) => FilePath(name);

    /// <summary>Lets the writes under way end and gives the folder back.</summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        _threads.Dispose();
        _lock.Dispose();
    }

    /// <summary>The end of a streaming write.</summary>
    internal async ValueTask<string> Commit(BlobName name, BlobCondition condition, TemporaryFile file, CancellationToken cancellation) =>
        await Writing(name, $"write '{name}'", path =>
        {
            Require(name, condition, path);
            return file.RenameTo(path);
        }, cancellation).ConfigureAwait(false);

    private static void Require(BlobName name, BlobCondition condition, string path)
    {
        if (!condition.IsEmpty && FolderETag.OfFile(path) is var current && !condition.IsMetBy(current))
        {
            throw BlobConflictException.On(name, condition, current);
        }
    }

    /// <summary>Opens a blob's file; a later write replaces the file, so what is open does not change.</summary>
    private static SafeFileHandle OpenRead(string path, FileOptions options) =>
        File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, options);

    private static async ValueTask<int> Fill(SafeFileHandle handle, long offset, Memory<byte> destination, CancellationToken cancellation)
    {
        var filled = 0;
        while (filled < destination.Length)
        {
            var read = await RandomAccess.ReadAsync(handle, destination[filled..], offset + filled, cancellation).ConfigureAwait(false);
            if (read == 0)
            {
                break;
            }

            filled += read;
        }

        return filled;
    }

    private static void ClearTemporaryFiles(string folder)
    {
        var temporary = Path.Combine(folder, TemporaryFolder);
        Directory.CreateDirectory(temporary);
        foreach (var file in Directory.EnumerateFiles(temporary))
        {
            File.Delete(file);
        }
    }

    private TemporaryFile CreateTemporaryFile() => new(
        Path.Combine(Folder, TemporaryFolder, Interlocked.Increment(ref _temporaryNumber).ToString(CultureInfo.InvariantCulture)),
        _clock,
        _options.CrashPoint);

    private string FilePath(BlobName name)
    {
        ArgumentNullException.ThrowIfNull(name);
        ObjectDisposedException.ThrowIf(_disposed, this);
        return Path.Combine(Folder, name.Container, BlobFileNames.Encode(name.Path));
    }

    private async ValueTask<T> Reading<T>(BlobName name, string verb, Func<SafeFileHandle, ValueTask<T>> read, T none)
    {
        var path = FilePath(name);
        try
        {
            // Not asked for existence first: a folder that may not be read would look empty.
            using var handle = OpenRead(path, FileOptions.None);
            return await read(handle).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return none;
        }
        catch (Exception exception) when (FolderErrors.IsMediumFailure(exception))
        {
            throw FolderErrors.Explain(exception, Folder, $"{verb} '{name}'");
        }
    }

    /// <summary>Runs a change of a blob on a disk thread, one change of a name at a time.</summary>
    private async ValueTask<T> Writing<T>(BlobName name, string action, Func<string, T> change, CancellationToken cancellation)
    {
        var path = FilePath(name);
        var writer = _writers[(uint)name.GetHashCode() % LockStripes];
        await writer.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return await _threads.Run(() => change(path), cancellation).ConfigureAwait(false);
        }
        catch (Exception exception) when (FolderErrors.IsMediumFailure(exception))
        {
            throw FolderErrors.Explain(exception, Folder, action);
        }
        finally
        {
            writer.Release();
        }
    }
}
