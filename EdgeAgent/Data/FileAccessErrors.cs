using System.Security;

namespace OrleansEdge.EdgeAgent.Data;

/// <summary>Turns what the operating system says about a file into one sentence.</summary>
internal static class FileAccessErrors
{
    /// <summary>Opens a file for one pass from its beginning to its end.</summary>
    /// <exception cref="DataException">It does not exist or may not be read.</exception>
    public static FileStream OpenForReading(string path)
    {
        try
        {
            return new FileStream(path, new FileStreamOptions { Options = FileOptions.SequentialScan, BufferSize = 1 << 16 });
        }
        catch (Exception exception) when (IsFileError(exception))
        {
            throw Explain(path, exception);
        }
    }

    /// <summary>The sentence for an error of <see cref="IsFileError"/>.</summary>
    public static DataException Explain(string path, Exception exception) => exception switch
    {
        FileNotFoundException or DirectoryNotFoundException => new DataException($"The file '{path}' does not exist: check the path.", exception),
        UnauthorizedAccessException when Directory.Exists(path) => new DataException($"'{path}' is a folder: name a file.", exception),
        UnauthorizedAccessException => new DataException($"The file '{path}' may not be read: check its permissions.", exception),
        _ => new DataException($"The file '{path}' cannot be read: {FirstLine(exception)}", exception),
    };

    /// <summary>Whether an exception comes from the file system and not from a mistake in the program.</summary>
    public static bool IsFileError(Exception exception) =>
        exception is IOException or UnauthorizedAccessException or SecurityException or NotSupportedException or ArgumentException;

    private static string FirstLine(Exception exception) => exception.Message.Split('\n', 2)[0].Trim();
}
