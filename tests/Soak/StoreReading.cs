namespace OrleansEdge.Soak;

/// <summary>What a site's folder store holds.</summary>
/// <param name="Blobs">The blobs that retention keeps in bounds: content, versions, states of grains.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="History">The blobs that are kept for ever: the file of each job, and a record of each round.</param>
internal readonly record struct StoreReading(int Blobs, long Bytes, int History)
{
    private static readonly string[] Bounded = ["content", "models", "grainstate"];

    /// <summary>Counts, while the site writes.</summary>
    public static StoreReading Of(string store)
    {
        var bounded = Bounded.SelectMany(container => Files(Path.Combine(store, container))).ToList();
        return new(bounded.Count, bounded.Sum(), Files(Path.Combine(store, "jobs")).Count());
    }

    private static IEnumerable<long> Files(string folder)
    {
        if (!Directory.Exists(folder))
        {
            yield break;
        }

        foreach (var file in new DirectoryInfo(folder).EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true }))
        {
            long length;
            try
            {
                length = file.Length;
            }
            catch (FileNotFoundException)
            {
                // It was deleted while it was counted.
                continue;
            }

            yield return length;
        }
    }
}
