using System.Buffers;
using System.IO.Hashing;
using Microsoft.Win32.SafeHandles;

namespace OrleansEdge.Grains.Storage.Folder;

/// <summary>
/// A file's ETag: the XxHash128 of its content and its modification time in ticks, in hexadecimal. The time, which every write moves forward
/// by at least one tick, tells apart two writes of the same content; the hash holds where a file system's clock is coarse. Nothing but the
/// file is needed, so ETags survive a restart and a copy that keeps times.
/// </summary>
internal static class FolderETag
{
    private const int BlockLength = 256 * 1024;

    internal static string Of(ReadOnlySpan<byte> content, DateTime modified) => Format(XxHash128.Hash(content), modified);

    internal static string Of(XxHash128 hash, DateTime modified) => Format(hash.GetCurrentHash(), modified);

    /// <summary>The ETag of the file at <paramref name="path"/>; null when there is none.</summary>
    internal static string? OfFile(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        using var handle = OpenRead(path, FileOptions.SequentialScan);
        var hash = new XxHash128();
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Clamp(RandomAccess.GetLength(handle), 1, BlockLength));
        try
        {
            long offset = 0;
            for (int read; (read = RandomAccess.Read(handle, buffer, offset)) > 0; offset += read)
            {
                hash.Append(buffer.AsSpan(0, read));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return Of(hash, File.GetLastWriteTimeUtc(handle));
    }

    /// <summary>Opens a blob's file; a later write replaces the file, so what is open does not change.</summary>
    internal static SafeFileHandle OpenRead(string path, FileOptions options) =>
        File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, options);

    private static string Format(ReadOnlySpan<byte> hash, DateTime modified) => $"{Convert.ToHexStringLower(hash)}-{modified.Ticks:x}";
}
