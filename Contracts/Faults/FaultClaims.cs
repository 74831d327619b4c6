using System.Globalization;

namespace OrleansEdge.Contracts.Faults;

/// <summary>
/// A folder by which the processes of a cluster agree that a fault happens once: who makes its file may do it. What one process cannot do
/// to another is done by the program that started them, which sees the file, does it, and makes a second one.
/// </summary>
public sealed class FaultClaims(string folder)
{
    private const string Done = ".done";

    /// <summary>Claims a fault for this process.</summary>
    /// <returns>Whether it is this process's to do: false if it has happened.</returns>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public bool TryClaim(PlannedFault fault)
    {
        try
        {
            using var file = new FileStream(PathOf(fault), FileMode.CreateNew, FileAccess.Write, FileShare.Read);
            using var writer = new StreamWriter(file);
            writer.Write(string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}\n"));
            return true;
        }
        catch (IOException) when (File.Exists(PathOf(fault)))
        {
            return false;
        }
    }

    /// <summary>The id of the process that has claimed a fault; null while none has.</summary>
    public int? ClaimantOf(PlannedFault fault)
    {
        var path = PathOf(fault);
        return File.Exists(path) && File.ReadAllText(path) is [.. var id, '\n'] ? int.Parse(id, CultureInfo.InvariantCulture) : null;
    }

    /// <summary>Tells the claimant that the fault is done.</summary>
    public void Finish(PlannedFault fault) => File.WriteAllBytes(PathOf(fault) + Done, []);

    /// <summary>Waits until the fault is done, or until the limit.</summary>
    public void WaitUntilFinished(PlannedFault fault, TimeSpan limit, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        const int CheckMilliseconds = 100;
        var began = time.GetTimestamp();
        using var watcher = new FileSystemWatcher(folder);
        while (!File.Exists(PathOf(fault) + Done) && time.GetElapsedTime(began) < limit)
        {
            watcher.WaitForChanged(WatcherChangeTypes.Created, CheckMilliseconds);
        }
    }

    private string PathOf(PlannedFault fault) => Path.Combine(folder, fault.ToString().Replace(' ', '-').Replace(':', '.'));
}
