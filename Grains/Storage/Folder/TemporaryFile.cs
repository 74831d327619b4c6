using Microsoft.Win32.SafeHandles;

namespace OrleansEdge.Grains.Storage.Folder;

/// <summary>A blob's content before it has its name: a file in the store's own folder. Deleted unless it was renamed.</summary>
internal sealed class TemporaryFile : IDisposable
{
    private readonly SafeFileHandle _handle;
    private readonly FolderClock _clock;
    private readonly Action<string>? _crashPoint;
    private bool _renamed;

    internal TemporaryFile(string path, FolderClock clock, Action<string>? crashPoint)
    {
        Path = path;
        _clock = clock;
        _crashPoint = crashPoint;
        _handle = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read);
        crashPoint?.Invoke(BlobCrashPoints.Created);
    }

    internal string Path { get; }

    internal long Length { get; private set; }

    internal void Append(ReadOnlySpan<byte> piece)
    {
        RandomAccess.Write(_handle, piece, Length);
        Length += piece.Length;
    }

    internal async ValueTask AppendAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellation)
    {
        await RandomAccess.WriteAsync(_handle, piece, Length, cancellation).ConfigureAwait(false);
        Length += piece.Length;
    }

    /// <summary>Makes the content durable under the name <paramref name="target"/>, in place of what is there. Waits for the disk.</summary>
    /// <returns>The ETag.</returns>
    internal string RenameTo(string target)
    {
        _crashPoint?.Invoke(BlobCrashPoints.Written);
        var modified = _clock.Stamp(_handle, target);
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
        return FolderETag.Of(Length, modified);
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
}
