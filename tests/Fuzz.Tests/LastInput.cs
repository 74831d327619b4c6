using System.IO.MemoryMappedFiles;

namespace OrleansEdge.Fuzz.Tests;

/// <summary>
/// The input that is being read, in a file: a parser that takes the whole process with it, as a stack overflow does, leaves it behind. Its first
/// four bytes are its length.
/// </summary>
internal sealed class LastInput : IDisposable
{
    private readonly string _path;
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;

    /// <summary>Makes the file, in the system's temporary folder.</summary>
    public LastInput(string name)
    {
        _path = Path.Combine(Path.GetTempPath(), $"orleansedge-fuzz-{Environment.ProcessId}-{name.Replace(' ', '-').Replace('/', '-')}.input");
        _file = MemoryMappedFile.CreateFromFile(_path, FileMode.Create, null, Mutator.MaximumLength + sizeof(int));
        _view = _file.CreateViewAccessor();
    }

    /// <summary>Writes an input over the one before.</summary>
    public void Keep(byte[] input)
    {
        _view.Write(0, input.Length);
        _view.WriteArray(sizeof(int), input, 0, input.Length);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
        File.Delete(_path);
    }
}
