namespace OrleansEdge.Participation.Doctor;

/// <summary>Whether a folder can be written, or made, and whether its disk has room.</summary>
/// <param name="subject">What it is for.</param>
/// <param name="folder">Where it is.</param>
/// <param name="enough">With fewer bytes than this there is a warning; with a tenth of it, a problem.</param>
/// <param name="otherwise">How to have another one, as the end of a sentence.</param>
/// <param name="machine">This machine.</param>
internal sealed class FolderCheck(string subject, string folder, long enough, string otherwise, Machine machine) : IDoctorCheck
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<Finding>> Look(CancellationToken cancellation) => Task.FromResult<IReadOnlyList<Finding>>([Judge()]);

    private Finding Judge()
    {
        var full = Path.GetFullPath(folder);
        var there = Nearest(full);
        if (!Directory.Exists(there))
        {
            return Finding.Problem(subject, $"{there} is a file and should be a folder: move it away, or {otherwise}.");
        }

        try
        {
            Try(there);
            var free = machine.FreeSpace(there);
            return Judge(full == there ? full : $"{full}, which will be made,", free);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            var what = full == there ? $"{full} cannot be read and written" : $"{full} is not there and cannot be made in {there}";
            return Finding.Problem(subject, $"{what} by the user '{Environment.UserName}': give it to this user with 'chown', or {otherwise}.");
        }
    }

    private Finding Judge(string what, long free) => free >= enough
        ? Finding.Ok(subject, $"{what} can be written, and has {Machine.Size(free)} left.")
        : free >= enough / 10
            ? Finding.Warning(subject, $"{what} has only {Machine.Size(free)} left: make room, or {otherwise}.")
            : Finding.Problem(subject, $"{what} has {Machine.Size(free)} left, which is as good as full: make room, or {otherwise}.");

    private static string Nearest(string folder)
    {
        while (!Path.Exists(folder) && Path.GetDirectoryName(folder) is { } parent)
        {
            folder = parent;
        }

        return folder;
    }

    /// <summary>Rights do not say all: a file system may be read-only. So it is tried.</summary>
    private static void Try(string folder)
    {
        _ = Directory.EnumerateFileSystemEntries(folder).FirstOrDefault();
        var file = Path.Combine(folder, $".orleansedge-doctor-{Path.GetRandomFileName()}");
        using (File.Open(file, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.DeleteOnClose }))
        {
            // It is gone when it is closed.
        }
    }
}
