using System.Security.Cryptography;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Participation.Security;

namespace OrleansEdge.EdgeAgent.Participation;

/// <summary>TorchScript files from the site, on disk by their hashes.</summary>
/// <param name="fetch">Brings content from the site, checked against its hash.</param>
/// <param name="trust">Whose networks are run.</param>
/// <param name="folder">Where they are kept.</param>
internal sealed class TorchScriptCache(Func<ContentHash, CancellationToken, Task<byte[]>> fetch, ModelTrust trust, string folder) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1);

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();

    /// <summary>
    /// The file of a network; null for a built-in one. Such a file is a program: it comes from the site alone, which has signed its hash, and it is
    /// checked against that each time, also where it lay here before, since others may write to this disk.
    /// </summary>
    /// <exception cref="UntrustedModelException">The site has not signed it; nothing was fetched.</exception>
    /// <exception cref="Contracts.Content.ContentMissingException">The site does not hold it.</exception>
    public async Task<string?> Find(ModelSource source, CancellationToken cancellation)
    {
        if (source.TorchScript is not { } hash)
        {
            return null;
        }

        trust.Require(source);

        var file = Path.Combine(folder, $"{hash}.pt");
        await _gate.WaitAsync(cancellation);
        try
        {
            if (!await IsWhole(file, hash, cancellation))
            {
                var temporary = file + ".new";
                await File.WriteAllBytesAsync(temporary, await fetch(hash, cancellation), cancellation);
                File.Move(temporary, file, overwrite: true);
            }

            return file;
        }
        finally
        {
            _gate.Release();
        }
    }

    private static async Task<bool> IsWhole(string file, ContentHash hash, CancellationToken cancellation)
    {
        if (!File.Exists(file))
        {
            return false;
        }

        var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.Asynchronous | FileOptions.SequentialScan);
        await using (stream)
        {
            return ContentHash.FromBytes(await SHA256.HashDataAsync(stream, cancellation)) == hash;
        }
    }
}
