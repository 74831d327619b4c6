using System.Globalization;

namespace OrleansEdge.Contracts.Faults;

/// <summary>
/// Who has died of which kill: a folder with one file for each kill that has happened. A grain moves when its silo dies; without a claim the
/// same kill would take one silo after the other.
/// </summary>
/// <param name="folder">The folder, on this machine; must exist.</param>
public sealed class KillClaims(string folder)
{
    /// <summary>Claims a kill for a process; false if it has happened.</summary>
    public bool TryClaim(string point, int round, int process)
    {
        try
        {
            using var file = new FileStream(PathOf(point, round), FileMode.CreateNew, FileAccess.Write);
            file.Write(System.Text.Encoding.ASCII.GetBytes(process.ToString(CultureInfo.InvariantCulture)));
            return true;
        }
        catch (IOException) when (File.Exists(PathOf(point, round)))
        {
            return false;
        }
    }

    /// <summary>The process that has claimed a kill; null if none has.</summary>
    public int? ClaimedBy(string point, int round)
    {
        try
        {
            return int.TryParse(File.ReadAllText(PathOf(point, round)), NumberStyles.None, CultureInfo.InvariantCulture, out var process) ? process : null;
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    private string PathOf(string point, int round) => Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{round}-{point}"));
}
