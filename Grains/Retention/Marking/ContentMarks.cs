using System.Collections.Immutable;
using OrleansEdge.Contracts.Identifiers;

namespace OrleansEdge.Grains.Retention.Marking;

/// <summary>Content as a listing found it.</summary>
/// <param name="Hash">Which.</param>
/// <param name="Length">Its length, in bytes.</param>
/// <param name="ETag">The tag that it had; a deletion is only for content that still has it.</param>
/// <param name="IsOld">Whether nobody has stored or touched it within the grace.</param>
internal readonly record struct ListedContent(ContentHash Hash, long Length, string ETag, bool IsOld);

/// <summary>Marks the content that somebody refers to; the rest are orphans.</summary>
internal sealed class ContentMarks
{
    private readonly HashSet<ContentHash> _marked = [];

    /// <summary>Marks content.</summary>
    public void Mark(IEnumerable<ContentHash> content) => _marked.UnionWith(content);

    /// <summary>The listed content that is not marked.</summary>
    public ImmutableArray<ListedContent> Orphans(IEnumerable<ListedContent> listed) => [.. listed.Where(content => !_marked.Contains(content.Hash))];
}
