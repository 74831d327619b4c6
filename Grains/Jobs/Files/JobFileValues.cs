namespace OrleansEdge.Grains.Jobs.Files;

/// <summary>The values that a file gives, by key, and where.</summary>
/// <param name="firstLine">The line on which the file's keys begin.</param>
internal sealed class JobFileValues(int firstLine)
{
    private readonly Dictionary<string, (object? Value, int Line)> given = new(StringComparer.Ordinal);
    private readonly HashSet<string> faulty = new(StringComparer.Ordinal);

    /// <summary>The file's list of tiers; null where it gives none.</summary>
    public YamlNode? Tiers { get; set; }

    public void Set(JobKey key, object? value, int line) => given[key.Path] = (value, line);

    /// <summary>Remembers that a key's fault is reported, so that nothing that follows from it is.</summary>
    public void SetFaulty(JobKey key) => faulty.Add(key.Path);

    public bool IsGiven(JobKey key) => given.ContainsKey(key.Path);

    /// <summary>Whether no fault of the keys is reported.</summary>
    public bool AreSound(params ReadOnlySpan<JobKey> keys)
    {
        foreach (var key in keys)
        {
            if (faulty.Contains(key.Path))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The key's value, or its default.</summary>
    public T Get<T>(JobKey<T> key) => given.TryGetValue(key.Path, out var entry) ? (T)entry.Value! : key.Default!;

    /// <summary>The line of the first of the keys that is given, or the file's first.</summary>
    public int LineOf(params ReadOnlySpan<JobKey> keys)
    {
        foreach (var key in keys)
        {
            if (given.TryGetValue(key.Path, out var entry))
            {
                return entry.Line;
            }
        }

        return firstLine;
    }
}
