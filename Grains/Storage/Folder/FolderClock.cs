using Microsoft.Win32.SafeHandles;

namespace OrleansEdge.Grains.Storage.Folder;

/// <summary>
/// Gives files their times of modification: the present, but always later than all times given before and than what the file had, so that
/// no two writes of a blob have the same time, even when the clock stands still or goes back, or the blob was deleted in between.
/// </summary>
internal sealed class FolderClock(TimeProvider time)
{
    // Some file systems keep times to a second or two only.
    private static readonly TimeSpan CoarsestStep = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private DateTime _last;

    internal DateTime Now
    {
        get
        {
            lock (_gate)
            {
                return Later(time.GetUtcNow().UtcDateTime, _last);
            }
        }
    }

    /// <summary>Stamps a file that is about to take the place of the one at <paramref name="target"/>, or is that file.</summary>
    /// <returns>The time as the file system keeps it.</returns>
    internal DateTime Stamp(SafeFileHandle file, string target)
    {
        var previous = new FileInfo(target) is { Exists: true } replaced ? replaced.LastWriteTimeUtc : default;
        var kept = Set(file, Next(previous));
        return kept > previous ? kept : Set(file, previous + CoarsestStep);
    }

    private static DateTime Set(SafeFileHandle file, DateTime modified)
    {
        File.SetLastWriteTimeUtc(file, modified);
        return File.GetLastWriteTimeUtc(file);
    }

    private static DateTime Later(DateTime one, DateTime other) => one > other ? one : other;

    private DateTime Next(DateTime previous)
    {
        lock (_gate)
        {
            return _last = Later(time.GetUtcNow().UtcDateTime, Later(previous, _last).AddTicks(1));
        }
    }
}
