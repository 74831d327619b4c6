namespace OrleansEdge.Benchmarks.Processes;

/// <summary>A folder for one run, deleted at its end.</summary>
internal sealed class WorkFolder : IDisposable
{
    /// <summary>Makes a folder inside <paramref name="parent"/>, by default the system's temporary folder.</summary>
    public WorkFolder(string? parent)
    {
        Path = System.IO.Path.Combine(parent ?? System.IO.Path.GetTempPath(), $"orleansedge-benchmark-{Guid.NewGuid():N}");
        Directory.CreateDirectory(Path);
    }

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>A path inside.</summary>
    public string At(string name) => System.IO.Path.Combine(Path, name);

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
