using OrleansEdge.Contracts.Identifiers;

namespace OrleansEdge.LocalCluster.Runs;

/// <summary>
/// Where a run keeps everything: the site's store, the devices' folders, the logs and the job file. Of several sites, each but the root has a
/// folder of its own in it for what it keeps.
/// </summary>
internal sealed class WorkFolder : IDisposable
{
    /// <summary>The name of the site's store in the folder.</summary>
    public const string StoreName = "store";

    /// <summary>The name of the folder of the site's certificates.</summary>
    public const string CertificatesName = "certificates";

    private const string Marker = ".orleansedge-local-cluster";
    private readonly bool isTemporary;
    private readonly WorkFolder? whole;

    private WorkFolder(string path, bool isTemporary, WorkFolder? whole = null)
    {
        Path = path;
        this.isTemporary = isTemporary;
        this.whole = whole;
    }

    /// <summary>The folder, as a full path.</summary>
    public string Path { get; }

    /// <summary>Whether it stays when the run is over.</summary>
    public bool IsKept => !isTemporary;

    /// <summary>The site's store.</summary>
    public string Store => System.IO.Path.Combine(Path, StoreName);

    /// <summary>The site's certificates.</summary>
    public string Certificates => System.IO.Path.Combine(Path, CertificatesName);

    /// <summary>The job file of the run.</summary>
    public string JobFile => System.IO.Path.Combine(Path, "job.yaml");

    /// <summary>For temporary files of the processes; deleted at the end in any case.</summary>
    public string Temporary => whole?.Temporary ?? System.IO.Path.Combine(Path, "tmp");

    /// <summary>What belongs to the user in whose name the site runs; passes with <see cref="Temporary"/>.</summary>
    public string Home => System.IO.Path.Combine(Temporary, "home");

    /// <summary>Where the site's processes claim planned faults; passes with <see cref="Temporary"/>.</summary>
    public string Faults => System.IO.Path.Combine(Temporary, whole is null ? "faults" : $"faults-{System.IO.Path.GetFileName(Path)}");

    private string Logs => whole?.Logs ?? System.IO.Path.Combine(Path, "logs");

    /// <summary>Opens the folder that the user names, or a new temporary one.</summary>
    /// <exception cref="FormatException">The folder holds something else, or cannot be written.</exception>
    public static WorkFolder Open(string? path, bool keep)
    {
        var name = path is null ? System.IO.Path.GetTempPath() : System.IO.Path.GetFullPath(path);
        try
        {
            var folder = path is null ? Directory.CreateTempSubdirectory("orleansedge-").FullName : Claim(name);
            return new WorkFolder(folder, isTemporary: path is null && !keep).Made();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new FormatException($"The work folder {name} cannot be used: {exception.Message.TrimEnd('.')}; " +
                "name a folder that can be written with --work.");
        }
    }

    /// <summary>The part of the folder in which a site below the root keeps what it has; all logs stay together.</summary>
    public WorkFolder Of(SiteName site) => new WorkFolder(System.IO.Path.Combine(Path, "sites", site.Value), isTemporary: false, this).Made();

    /// <summary>The log of a process, whose name may begin with that of its site.</summary>
    public string LogOf(string name)
    {
        var log = System.IO.Path.Combine(Logs, $"{name}.log");
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(log)!);
        return log;
    }

    /// <summary>The folder of a program that the site needs.</summary>
    public string FolderOfService(string name) => Directory.CreateDirectory(System.IO.Path.Combine(Path, name)).FullName;

    /// <summary>The folder of a device.</summary>
    public string FolderOf(string device) => System.IO.Path.Combine(Path, "agents", device);

    /// <summary>Deletes what is not to stay; a site's part goes or stays with the whole.</summary>
    public void Dispose()
    {
        if (whole is not null)
        {
            return;
        }

        var passing = isTemporary ? Path : Temporary;
        if (Directory.Exists(passing))
        {
            Directory.Delete(passing, recursive: true);
        }
    }

    private WorkFolder Made()
    {
        Directory.CreateDirectory(Store);
        Directory.CreateDirectory(Logs);
        Directory.CreateDirectory(Faults);
        return this;
    }

    private static string Claim(string path)
    {
        Directory.CreateDirectory(path);
        var marker = System.IO.Path.Combine(path, Marker);
        if (!File.Exists(marker) && Directory.EnumerateFileSystemEntries(path).Any())
        {
            throw new FormatException($"The work folder {path} holds files of something else: name an empty or a new folder with --work.");
        }

        File.WriteAllText(marker, "This folder belongs to a run of LocalCluster; it can be deleted when none is running.\n");
        return path;
    }
}
