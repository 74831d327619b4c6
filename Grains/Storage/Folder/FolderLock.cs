using System.Globalization;

namespace OrleansEdge.Grains.Storage.Folder;

/// <summary>
/// One process's hold on a folder: an exclusive lock on <c>.lock</c>, which the operating system gives back when the process dies in
/// whatever way. <c>.holder</c> beside it says who holds it, for people.
/// </summary>
internal sealed class FolderLock : IDisposable
{
    private const string LockFile = ".lock";
    private const string HolderFile = ".holder";

    private readonly FileStream _stream;

    private FolderLock(FileStream stream) => _stream = stream;

    /// <summary>Takes the lock, or says who has it.</summary>
    /// <exception cref="BlobStoreException">Another process has the folder, or the folder is not writable.</exception>
    internal static FolderLock Take(string folder)
    {
        FileStream stream;
        try
        {
            stream = new(Path.Combine(folder, LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1);
        }
        catch (IOException exception) when (IsHeld(exception))
        {
            var holder = Holder(folder);
            throw new BlobStoreException(
                $"The folder '{folder}' is in use by {(holder is null ? "another process" : $"process {holder}")}: stop it or give another folder.",
                exception);
        }

        File.WriteAllText(Path.Combine(folder, HolderFile), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        return new(stream);
    }

    public void Dispose() => _stream.Dispose();

    // EWOULDBLOCK of Linux and macOS; a sharing or lock violation of Windows.
    private static bool IsHeld(IOException exception) => exception.HResult is 11 or 35 or unchecked((int)0x80070020) or unchecked((int)0x80070021);

    private static int? Holder(string folder)
    {
        try
        {
            return int.TryParse(File.ReadAllText(Path.Combine(folder, HolderFile)), CultureInfo.InvariantCulture, out var process) ? process : null;
        }
        catch (Exception exception) when (FolderErrors.IsMediumFailure(exception))
        {
            return null;
        }
    }
}
