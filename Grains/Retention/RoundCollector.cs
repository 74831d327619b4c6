using OrleansEdge.Contracts.Rounds;
using OrleansEdge.Grains.Storage;
using OrleansEdge.Grains.Storage.Providers;

namespace OrleansEdge.Grains.Retention;

/// <summary>
/// Ends rounds that are over and have left a state: a job that goes on on two silos for a moment can open a round once more. The round's own
/// grain does it, so that its participants are told, too.
/// </summary>
internal sealed class RoundCollector(IBlobStore blobs, IReferenceHolders holders)
{
    private const string Prefix = "round-round/";
    private const string Suffix = ".json";

    /// <summary>Ends those whose state has not changed for <paramref name="grace"/>, and says how many.</summary>
    public async Task<int> Collect(TimeSpan grace, CancellationToken cancellation)
    {
        var newest = await blobs.Now(cancellation) - grace;
        var ended = 0;
        await foreach (var entry in blobs.List(BlobGrainStorageOptions.DefaultContainerName, Prefix, cancellation))
        {
            if (entry.Length > 0 && entry.Modified <= newest && RoundOf(entry.Name.Path) is { } round && await holders.EndIfOver(round, cancellation))
            {
                ended++;
            }
        }

        return ended;
    }

    private static RoundKey? RoundOf(string path)
    {
        try
        {
            return path.EndsWith(Suffix, StringComparison.Ordinal) ? RoundKey.Parse(path[Prefix.Length..^Suffix.Length]) : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
