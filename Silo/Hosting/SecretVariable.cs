namespace OrleansEdge.Silo.Hosting;

/// <summary>
/// Secrets come from the environment, or from a file that the environment names, which is how orchestrators hand them over; never from a command
/// line, which everyone on a machine can read.
/// </summary>
internal static class SecretVariable
{
    /// <summary>What is behind the name of the variable that names the file.</summary>
    public const string FileSuffix = "_FILE";

    /// <summary>A secret is shorter than this, in bytes: what is longer is another file.</summary>
    private const int LongestFile = 64 << 10;

    /// <summary>Reads a secret; null where neither the variable nor a file is given.</summary>
    /// <param name="variable">The variable that holds it.</param>
    /// <param name="find">Finds a variable's value.</param>
    /// <exception cref="FormatException">The file cannot be read, or holds nothing or too much. The message has nothing of it.</exception>
    public static string? Read(string variable, Func<string, string?> find)
    {
        if (find(variable) is { Length: > 0 } value)
        {
            return value;
        }

        return find(variable + FileSuffix) is { Length: > 0 } file ? ReadFile(variable + FileSuffix, file) : null;
    }

    private static string ReadFile(string variable, string file)
    {
        try
        {
            if (new FileInfo(file).Length > LongestFile)
            {
                throw new FormatException($"The file '{file}' that {variable} names is too long for a secret: name the right file.");
            }

            return File.ReadAllText(file).Trim() is { Length: > 0 } secret ? secret
                : throw new FormatException($"The file '{file}' that {variable} names is empty: put the secret into it.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FormatException($"The file '{file}' that {variable} names cannot be read: {exception.Message.TrimEnd('.')}.", exception);
        }
    }
}
