using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;

namespace OrleansEdge.Grains.Storage.Folder;

/// <summary>
/// Makes the entries of a folder durable. The runtime refuses to open a folder as a file, so this asks the C library; on Windows, where
/// the file system's journal keeps renames, there is nothing to do.
/// </summary>
internal static class FolderDurability
{
    private const int ReadOnly = 0;
    private const int CloseOnExecuteLinux = 0x80000;
    private const int CloseOnExecuteMac = 0x1000000;
    private const int InvalidArgument = 22;

    /// <summary>Waits until all renames in <paramref name="folder"/> so far are on the disk.</summary>
    /// <exception cref="IOException">The folder cannot be opened or flushed.</exception>
    internal static void Flush(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var path = new byte[Encoding.UTF8.GetByteCount(folder) + 1];
        Encoding.UTF8.GetBytes(folder, path);
        var descriptor = Open(path, ReadOnly | (OperatingSystem.IsMacOS() ? CloseOnExecuteMac : CloseOnExecuteLinux));
        if (descriptor < 0)
        {
            throw Failure(folder);
        }

        try
        {
            // Some network file systems know no flush of folders and say so with "invalid argument": nothing better can be done there.
            if (Synchronise(descriptor) != 0 && Marshal.GetLastPInvokeError() != InvalidArgument)
            {
                throw Failure(folder);
            }
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    private static IOException Failure(string folder)
    {
        var error = Marshal.GetLastPInvokeError();
        return new($"{new Win32Exception(error).Message} : '{folder}'", error);
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Synchronise(int descriptor);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int descriptor);
}
