namespace OrleansEdge.Grains.Tests.Storage;

/// <summary>A folder of a test's own, deleted with it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("orleansedge-").FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>Copies all files, as a crash at this moment would leave them.</summary>
    public static void Copy(string source, string target)
    {
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var copy = System.IO.Path.Combine(target, System.IO.Path.GetRelativePath(source, file));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(copy)!);
            // The store holds its lock file, which an ordinary copy may not read.
            if (System.IO.Path.GetFileName(file) != ".lock")
            {
                using var input = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                using var output = File.Create(copy);
                input.CopyTo(output);
            }
        }
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
