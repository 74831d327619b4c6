using System.IO.Hashing;
using Microsoft.Win32.SafeHandles;

namespace OrleansEdge.Grains.Storage.Folder;

/// <summary>A blob's content before it has its name: a file in the store's own folder, hashed while it grows. Deleted unless it was renamed.</summary>
internal sealed class TemporaryFile : IDisposable
{
    private readonly SafeFileHandle _handle;
    private readonly XxHash128 _hash = new();
    private readonly Action<string>? _crashPoint;
    private bool _renamed;

    internal TemporaryFile(string path, Action<string>? crashPoint)
    {
        Path = path;
        _crashPoint = crashPoint;
        _handle = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read);
        crashPoint?.Invoke(BlobCrashPoints.Created);
    }

    internal string Path { get; }

    internal long Length { get; private set; }

    internal void Append(ReadOnlySpan<byte> piece)
    {
        RandomAccess.Write(_handle, piece, Length);
        Count(piece);
    }

    internal async ValueTask AppendAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellation)
    {
        await RandomAccess.WriteAsync(_handle, piece, Length, cancellation).ConfigureAwait(false);
        Count(piece.Span);
    }

    /// <summary>Makes the content durable under the name <paramref name="target"/>, in place of what is there. Waits for the disk.</summary>
    /// <returns>The ETag.</returns>
    internal string RenameTo(string target)
    {
        _crashPoint?.Invoke(BlobCrashPoints.Written);
        var modified = MoveTimePast(target);
        RandomAccess.FlushToDisk(_handle);
        _handle.Dispose();
        _crashPoint?.Invoke(BlobCrashPoints.Flushed);

        var folder = System.IO.Path.GetDirectoryName(target)!;
        CreateFolder(folder);
        File.Move(Path, target, overwrite: true);
        _renamed = true;
        _crashPoint?.Invoke(BlobCrashPoints.Renamed);
        FolderDurability.Flush(folder);
        _crashPoint?.Invoke(BlobCrashPoints.Durable);
        return FolderETag.Of(_hash, modified);
    }

    /// <summary>Creates a folder and its parents so that they are still there after a loss of power.</summary>
    internal static void CreateFolder(string folder)
    {
        if (Directory.Exists(folder))
        {
            return;
        }

        var parent = System.IO.Path.GetDirectoryName(folder);
        if (parent is null)
        {
            Directory.CreateDirectory(folder);
            return;
        }

        CreateFolder(parent);
        Directory.CreateDirectory(folder);
        FolderDurability.Flush(parent);
    }

    public void Dispose()
    {
        _handle.Dispose();
        if (_renamed)
        {
            return;
        }

        try
        {
            File.Delete(Path);
        }
        catch (Exception exception) when (FolderErrors.IsMediumFailure(exception))
        {
            // The next start of the store deletes it; the failure that led here matters more.
        }
    }

    private void Count(ReadOnlySpan<byte> piece)
    {
        _hash.Append(piece);
        Length += piece.Length;
    }

    private DateTime MoveTimePast(string target)
    {
        var modified = File.GetLastWriteTimeUtc(_handle);
        if (File.Exists(target) && File.GetLastWriteTimeUtc(target) is var previous && previous >= modified)
        {
            File.SetLastWriteTimeUtc(_handle, previous.AddTicks(1));
            modified = File.GetLastWriteTimeUtc(_handle);
        }

        return modified;
    }
}
