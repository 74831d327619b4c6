using System.Runtime.InteropServices;

namespace OrleansEdge.LocalCluster.Processes;

/// <summary>The programs that this one starts.</summary>
/// <param name="Host">The <c>dotnet</c> that runs them: the one that runs this program.</param>
/// <param name="Silo">The site's program.</param>
/// <param name="EdgeAgent">The devices' program.</param>
internal sealed record ProgramFiles(string Host, string Silo, string EdgeAgent)
{
    /// <summary>Finds them beside this program, in the build's folder <c>artifacts/bin/PROJECT/CONFIGURATION</c>.</summary>
    /// <param name="baseDirectory">This program's folder.</param>
    /// <exception cref="ClusterException">One is missing.</exception>
    public static ProgramFiles Locate(string baseDirectory) =>
        new(FindHost(), Find(baseDirectory, "Silo"), Find(baseDirectory, "EdgeAgent"));

    /// <summary>The assembly of another program of the same build.</summary>
    /// <param name="baseDirectory">This program's folder.</param>
    /// <param name="name">The other program.</param>
    /// <exception cref="ClusterException">It is missing.</exception>
    public static string Find(string baseDirectory, string name)
    {
        var own = Path.TrimEndingDirectorySeparator(Path.GetFullPath(baseDirectory));
        var path = Path.GetFullPath(Path.Combine(own, "..", "..", name, Path.GetFileName(own), $"{name}.dll"));
        return File.Exists(path)
            ? path
            : throw new ClusterException($"The program {name} is not at {path}: start this one with 'dotnet run -c Release', which builds all.");
    }

    private static string FindHost()
    {
        // shared/Microsoft.NETCore.App/VERSION/ below the host.
        var root = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        var path = Path.Combine(root, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");
        return File.Exists(path) ? path : Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
    }
}
