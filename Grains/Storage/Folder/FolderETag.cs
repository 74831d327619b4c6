using Microsoft.Win32.SafeHandles;

namespace OrleansEdge.Grains.Storage.Folder;

/// <summary>
/// A file's ETag: its modification time in ticks, which <see cref="FolderClock"/> makes another for every write, and its length, in
/// hexadecimal. Nothing but the file's metadata is needed, so a listing has ETags for the asking, and they survive a restart and a copy
/// that keeps times.
/// </summary>
internal static class FolderETag
{
    internal static string Of(long length, DateTime modified) => $"{modified.Ticks:x}-{length:x}";

    internal static string Of(SafeFileHandle file) => Of(RandomAccess.GetLength(file), File.GetLastWriteTimeUtc(file));

    /// <summary>The ETag of the file at <paramref name="path"/>; null when there is none.</summary>
    internal static string? OfFile(string path)
    {
        var file = new FileInfo(path);
        return file.Exists ? Of(file.Length, file.LastWriteTimeUtc) : null;
    }
}
