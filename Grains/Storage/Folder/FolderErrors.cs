namespace OrleansEdge.Grains.Storage.Folder;

/// <summary>Turns what the operating system says into one sentence that says what to do.</summary>
internal static class FolderErrors
{
    // The runtime hands on the errno of Linux and macOS, or an HRESULT of Windows, in HResult.
    private const int NoSpaceLeft = 28;
    private const int ReadOnlyFileSystem = 30;
    private const int QuotaExceededLinux = 122;
    private const int QuotaExceededMac = 69;
    private const int NoSuchFile = 2;
    private const int NameTaken = 17;
    private const int NotAFolder = 20;
    private const int WindowsDiskFull = unchecked((int)0x80070070);
    private const int WindowsHandleDiskFull = unchecked((int)0x80070027);

    internal static bool IsMediumFailure(Exception exception) => exception is IOException or UnauthorizedAccessException;

    internal static BlobStoreException Explain(Exception exception, string folder, string action) => new(
        exception.HResult switch
        {
            NoSpaceLeft or QuotaExceededLinux or QuotaExceededMac or WindowsDiskFull or WindowsHandleDiskFull =>
                $"No space left in '{folder}' to {action}: free some space or give another folder.",
            ReadOnlyFileSystem => NotWritable(folder, action),
            NoSuchFile or NameTaken or NotAFolder => NotWritable(folder, action),
            _ when exception is PathTooLongException =>
                $"The folder '{folder}' cannot {action}, whose name is too long for a file: use shorter names, or another kind of store.",
            _ when exception is UnauthorizedAccessException or DirectoryNotFoundException or FileNotFoundException => NotWritable(folder, action),
            _ => $"The folder '{folder}' failed to {action}: {exception.Message.TrimEnd('.')}; check the disk.",
        },
        exception);

    private static string NotWritable(string folder, string action) =>
        $"The folder '{folder}' is not writable or not reachable, so it was not possible to {action}: check its owner and permissions or give another folder.";
}
