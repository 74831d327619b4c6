namespace OrleansEdge.Grains.Storage.Folder;

/// <summary>The blobs of a container's folder.</summary>
internal static class FolderListing
{
    internal static IReadOnlyList<BlobEntry> Read(string root, string container, string prefix)
    {
        var folder = Path.Combine(root, BlobFileNames.EncodeFolderOfPrefix(prefix));
        if (!Directory.Exists(folder))
        {
            return [];
        }

        var entries = new List<BlobEntry>();
        foreach (var file in new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories))
        {
            var relative = Path.GetRelativePath(root, file.FullName).Replace(Path.DirectorySeparatorChar, '/');
            if (BlobFileNames.Decode(relative) is { } path && path.StartsWith(prefix, StringComparison.Ordinal))
            {
                AddIfStillThere(entries, BlobName.Create(container, path), file);
            }
        }

        entries.Sort((left, right) => left.Name.CompareTo(right.Name));
        return entries;
    }

    private static void AddIfStillThere(List<BlobEntry> entries, BlobName name, FileInfo file)
    {
        try
        {
            var length = file.Length;
            entries.Add(new(name, length, FolderETag.Of(length, file.LastWriteTimeUtc), file.LastWriteTimeUtc));
        }
        catch (FileNotFoundException)
        {
            // Deleted since it was enumerated.
        }
    }
}
