using OrleansEdge.Contracts.Identity;
using OrleansEdge.Silo.Hosting;

namespace OrleansEdge.Silo.Identity;

/// <summary>
/// The first operator of a site: whoever may read the files of the user that the silo runs as. The silo leaves an admin's token in a file that
/// only this user can read, and commands that this user runs on the same machine find it.
/// </summary>
internal sealed partial class LocalOperator
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private readonly string? _hash;

    /// <summary>Reads the token, or makes one.</summary>
    /// <param name="options">The site.</param>
    /// <param name="logger">Told where the file cannot be written: then there is no such operator.</param>
    public LocalOperator(SiteOptions options, ILogger<LocalOperator> logger)
    {
        var file = OperatorCredential.FileOf(options.Url.Port);
        try
        {
            _hash = OperatorToken.HashOf(Read(file) ?? Make(file));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            LogNoFile(logger, file, exception.Message);
        }
    }

    /// <summary>The name under which the local user acts.</summary>
    public static OperatorName Name { get; } = OperatorName.Parse("local");

    /// <summary>Whether a token is that of the local user.</summary>
    public bool Matches(string token) => _hash is not null && OperatorToken.Matches(token, _hash);

    /// <summary>A file that others could read is not believed: its token is made anew.</summary>
    private static string? Read(string file)
    {
        if (!File.Exists(file) || (!OperatingSystem.IsWindows() && File.GetUnixFileMode(file) != OwnerOnly))
        {
            return null;
        }

        var token = File.ReadAllText(file).Trim();
        return OperatorToken.NameOf(token) == Name ? token : null;
    }

    private static string Make(string file)
    {
        var folder = Path.GetDirectoryName(file)!;
        var (token, _) = OperatorToken.Create(Name);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
            options.UnixCreateMode = OwnerOnly;
        }

        // Whole or not at all, and never a file that somebody else has made there.
        var temporary = Path.Combine(folder, Path.GetRandomFileName());
        using (var stream = new StreamWriter(new FileStream(temporary, options)))
        {
            stream.Write(token);
        }

        File.Move(temporary, file, overwrite: true);
        return token;
    }

    [LoggerMessage(LogLevel.Warning, "The local operator's credential cannot be kept in {File}, so commands need one of 'operators add': {Reason}")]
    private static partial void LogNoFile(ILogger logger, string file, string reason);
}
