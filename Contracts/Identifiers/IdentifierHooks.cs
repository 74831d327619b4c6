namespace OrleansEdge.Contracts.Identifiers;

/// <summary>
/// Holds identifiers off the wire to their grammar, as reading them from text does: they become names of files and blobs. A default one is no
/// identifier and names nothing; it stays what it is.
/// </summary>
internal sealed class IdentifierHooks
{
    /// <summary>Checks a job's id.</summary>
    /// <exception cref="FormatException">It is outside the grammar; so for all others.</exception>
    public void OnDeserialized(JobId id) => Require(id.Value, JobId.Parse);

    /// <summary>Checks a participant's id.</summary>
    public void OnDeserialized(ParticipantId id) => Require(id.Value, ParticipantId.Parse);

    /// <summary>Checks a model's name.</summary>
    public void OnDeserialized(ModelName name) => Require(name.Value, ModelName.Parse);

    /// <summary>Checks a site's name.</summary>
    public void OnDeserialized(SiteName name) => Require(name.Value, SiteName.Parse);

    /// <summary>Checks the name of data.</summary>
    public void OnDeserialized(DataName name) => Require(name.Value, DataName.Parse);

    /// <summary>Checks a content hash.</summary>
    public void OnDeserialized(ContentHash hash) => Require(hash.Hex, ContentHash.Parse);

    private static void Require<T>(string? text, Func<string?, T> parse)
    {
        if (text is not null)
        {
            _ = parse(text);
        }
    }
}
