using OrleansEdge.Contracts.Models;
using OrleansEdge.EdgeAgent.Updates;

namespace OrleansEdge.EdgeAgent.Participation;

/// <summary>TorchScript files from the site, on disk by their hashes.</summary>
internal sealed class TorchScriptCache(VersionReader versions, string folder) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1);

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();

    /// <summary>The file of a network; null for a built-in one. What came from the site was checked against its hash.</summary>
    public async Task<string?> Find(ModelSource source, CancellationToken cancellation)
    {
        if (source.TorchScript is not { } hash)
        {
            return null;
        }

        var file = Path.Combine(folder, $"{hash}.pt");
        await _gate.WaitAsync(cancellation);
        try
        {
            if (!File.Exists(file))
            {
                var temporary = file + ".new";
                await File.WriteAllBytesAsync(temporary, await versions.ReadContent(hash, cancellation), cancellation);
                File.Move(temporary, file, overwrite: true);
            }

            return file;
        }
        finally
        {
            _gate.Release();
        }
    }
}
