using OrleansEdge.Contracts.Identity;

namespace OrleansEdge.Contracts.Content;

/// <summary>
/// Content by its hash, served from the site's memory: manifests, shards of versions, TorchScript files. The key is the
/// <see cref="Identifiers.ContentHash"/> in hexadecimal.
/// </summary>
[Alias("oe.IContentGrain")]
public interface IContentGrain : IGrainWithStringKey
{
    /// <summary>The length in bytes, or null where the site does not hold the content.</summary>
    [Alias("GetLength"), CallableBy(Callers.Participant | Callers.Operator | Callers.Site)]
    ValueTask<long?> GetLength(CancellationToken cancellation);

    /// <summary>Reads a part.</summary>
    /// <param name="offset">Where to begin, in bytes.</param>
    /// <param name="length">At most <see cref="Chunk.MaximumLength"/>; less is returned only at the end of the content.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="ContentMissingException">The site does not hold the content, or what it holds is damaged.</exception>
    [Alias("Read"), CallableBy(Callers.Participant | Callers.Operator | Callers.Site)]
    ValueTask<Chunk> Read(long offset, int length, CancellationToken cancellation);
}

/// <summary>Content is not there, or is damaged. The message is one sentence for a person.</summary>
[GenerateSerializer, Alias(Aliases.ContentMissingException)]
public sealed class ContentMissingException(string message) : Exception(message);
