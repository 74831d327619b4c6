namespace OrleansEdge.Grains.Jobs.Files;

/// <summary>Finds the key that was probably meant.</summary>
internal static class Suggestions
{
    private const int LongestCompared = 40;

    /// <summary>The error for a key that does not belong in a section: what was probably meant, and what is allowed.</summary>
    public static string UnknownKey(string name, JobSection section, IReadOnlyList<JobKey> keys, JobSchema schema)
    {
        var here = keys.Select(key => key.Name).Concat(schema.SectionsIn(section).Select(inner => inner.Name))
            .Concat(section.Path.Length == 0 && !schema.IsTier ? [TierKeys.List] : []).ToList();
        var meant = MeantHere(name, here, keys) ?? MeantElsewhere(name, schema) ?? Nearest(name, here) ?? NearestElsewhere(name, schema);
        var where = section.Path.Length == 0 ? "" : $" in '{section.Path}'";
        var question = meant is null ? "" : $", did you mean '{meant}'?";
        return $"unknown key {JobFileErrors.Quote(name)}{where}{question}{(meant is null ? ":" : "")} allowed are {string.Join(", ", here)}";
    }

    /// <summary>The word with the fewest changes from <paramref name="name"/>; null where all are far from it.</summary>
    public static string? Nearest(string name, IEnumerable<string> words)
    {
        if (name.Length > LongestCompared)
        {
            return null;
        }

        var (word, distance) = words.Select(word => (word, Distance(name.ToUpperInvariant(), word.ToUpperInvariant())))
            .DefaultIfEmpty(("", int.MaxValue)).MinBy(pair => pair.Item2);
        return distance <= Math.Max(1, Math.Min(name.Length, word.Length) / 3) ? word : null;
    }

    private static string? MeantHere(string name, List<string> here, IReadOnlyList<JobKey> keys) =>
        here.Find(word => Same(word, name)) ?? keys.FirstOrDefault(key => key.OtherWords.Any(other => Same(other, name)))?.Name;

    private static string? MeantElsewhere(string name, JobSchema schema) =>
        (schema.Keys.FirstOrDefault(key => Same(key.Name, name) && key.Name != "name")
            ?? schema.Keys.FirstOrDefault(key => key.OtherWords.Any(other => Same(other, name))))?.Path
        ?? JobSchema.Sections.FirstOrDefault(section => section.Path.Length > 0 && Same(section.Name, name))?.Path;

    private static string? NearestElsewhere(string name, JobSchema schema)
    {
        var paths = schema.Keys.Where(key => key.Name != "name").Select(key => key.Path).Concat(JobSchema.Sections.Select(section => section.Path));
        var byName = paths.GroupBy(path => path[(path.LastIndexOf('.') + 1)..]).ToDictionary(group => group.Key, group => group.First());
        return Nearest(name, byName.Keys) is { } word ? byName[word] : null;
    }

    /// <summary>Whether a person's word is a key, whatever its case, hyphens and underscores.</summary>
    private static bool Same(string key, string word) =>
        string.Equals(key, string.Concat(word.Where(char.IsAsciiLetterOrDigit)), StringComparison.OrdinalIgnoreCase);

    /// <summary>Levenshtein's distance: insertions, deletions and replacements.</summary>
    private static int Distance(string left, string right)
    {
        var previous = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var row = 1; row <= left.Length; row++)
        {
            var current = new int[right.Length + 1];
            current[0] = row;
            for (var column = 1; column <= right.Length; column++)
            {
                var replaced = previous[column - 1] + (left[row - 1] == right[column - 1] ? 0 : 1);
                current[column] = Math.Min(replaced, Math.Min(previous[column], current[column - 1]) + 1);
            }

            previous = current;
        }

        return previous[^1];
    }
}
