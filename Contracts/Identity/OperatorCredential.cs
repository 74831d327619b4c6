using System.Net;
using System.Net.NetworkInformation;

namespace OrleansEdge.Contracts.Identity;

/// <summary>
/// Where a program finds the credential of the operator who runs it: in the environment, or in a file that a site on this machine has left for
/// its own user. Never on a command line, which everyone on a machine can read.
/// </summary>
public static class OperatorCredential
{
    /// <summary>The environment variable that holds a token.</summary>
    public const string Variable = "ORLEANSEDGE_TOKEN";

    /// <summary>The environment variable that names a file that holds a token and nothing else.</summary>
    public const string FileVariable = "ORLEANSEDGE_TOKEN_FILE";

    /// <summary>The environment variable that names the folder for what belongs to this user; by default one in the user's configuration.</summary>
    public const string FolderVariable = "ORLEANSEDGE_HOME";

    /// <summary>The longest token, in characters; an identity provider's may be long.</summary>
    public const int MaximumLength = 16384;

    /// <summary>The folder for what belongs to this user.</summary>
    public static string Folder => Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } folder
        ? Path.GetFullPath(folder)
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.DoNotVerify), "orleansedge");

    /// <summary>The file in which a site on this machine leaves a credential for the user that it runs as.</summary>
    /// <param name="port">The site's HTTP port.</param>
    public static string FileOf(int port) => Path.Combine(Folder, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"operator-{port}.token"));

    /// <summary>The credential for a site; null if there is none. What a site has left here is given to addresses of this machine only.</summary>
    /// <exception cref="FormatException">The file that the environment names cannot be read, or what was found is no token.</exception>
    public static string? Find(Uri site)
    {
        ArgumentNullException.ThrowIfNull(site);
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } value)
        {
            return Require(value.Trim(), $"The environment variable {Variable}");
        }

        if (Environment.GetEnvironmentVariable(FileVariable) is { Length: > 0 } file)
        {
            return Require(Read(file), $"The file '{file}' that {FileVariable} names");
        }

        var local = FileOf(site.Port);
        return File.Exists(local) && IsThisMachine(site.Host) ? Require(Read(local), $"The file '{local}'") : null;
    }

    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file).Trim();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FormatException($"The file '{file}' with the operator's token cannot be read: {exception.Message.TrimEnd('.')}.", exception);
        }
    }

    private static string Require(string token, string where) =>
        token.Length is > 0 and <= MaximumLength && token.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.' or '~' or '+' or '/' or '=')
            ? token
            : throw new FormatException($"{where} does not hold a token: put there what 'operators add' has printed, and nothing else.");

    private static bool IsThisMachine(string host)
    {
        if (host is "localhost")
        {
            return true;
        }

        return IPAddress.TryParse(host, out var address)
            && (IPAddress.IsLoopback(address) || NetworkInterface.GetAllNetworkInterfaces()
                .Any(network => network.GetIPProperties().UnicastAddresses.Any(unicast => unicast.Address.Equals(address))));
    }
}
