using System.Globalization;

namespace OrleansEdge.Silo.Doctor;

/// <summary>Who listens on a port of this machine, as far as this user may see; Linux only.</summary>
/// <param name="Process">The process's id.</param>
/// <param name="Name">What it is called.</param>
internal sealed record PortOwner(int Process, string Name)
{
    private const string Listening = "0A";
    private static readonly string[] Tables = ["/proc/net/tcp", "/proc/net/tcp6"];

    /// <summary>Whether it is a silo.</summary>
    public bool IsSilo => Name is "Silo" or "Silo.dll";

    /// <summary>Looks for it; null where it cannot be seen, most often because it is another user's.</summary>
    public static PortOwner? Find(int port)
    {
        try
        {
            var sockets = Tables.Where(File.Exists).SelectMany(File.ReadLines).Select(line => SocketOf(line, port)).OfType<string>().ToHashSet(StringComparer.Ordinal);
            return sockets.Count == 0 ? null : Directory.EnumerateDirectories("/proc")
                .Where(folder => Holds(folder, sockets))
                .Select(folder => new PortOwner(int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture), NameOf(folder)))
                .FirstOrDefault();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The socket of a line of the kernel's table, if it listens on the port: <c>sl local remote state … inode</c>.</summary>
    internal static string? SocketOf(string line, int port)
    {
        var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > 9 && fields[3] == Listening && fields[1].EndsWith(string.Create(CultureInfo.InvariantCulture, $":{port:X4}"), StringComparison.Ordinal)
            ? $"socket:[{fields[9]}]"
            : null;
    }

    /// <summary>A program that .NET runs is called by its assembly.</summary>
    internal static string NameOf(IReadOnlyList<string> commandLine) => commandLine.Count == 0 ? "?"
        : Path.GetFileName(commandLine[0]) == "dotnet" && commandLine.FirstOrDefault(word => word.EndsWith(".dll", StringComparison.Ordinal)) is { } assembly
        ? Path.GetFileName(assembly)
        : Path.GetFileName(commandLine[0]);

    private static string NameOf(string folder) =>
        NameOf(File.ReadAllText(Path.Combine(folder, "cmdline")).Split('\0', StringSplitOptions.RemoveEmptyEntries));

    private static bool Holds(string folder, HashSet<string> sockets)
    {
        if (!Path.GetFileName(folder).All(char.IsAsciiDigit))
        {
            return false;
        }

        try
        {
            return Directory.EnumerateFiles(Path.Combine(folder, "fd")).Any(file => File.ResolveLinkTarget(file, returnFinalTarget: false) is { } target && sockets.Contains(target.Name));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Of another user, or gone meanwhile.
            return false;
        }
    }
}
