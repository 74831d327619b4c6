namespace OrleansEdge.Contracts.Identifiers;

/// <summary>An identifier on the wire: its text.</summary>
[GenerateSerializer, Immutable, Alias(Aliases.IdentifierText)]
public readonly record struct IdentifierText([property: Id(0)] string? Text);

/// <summary>
/// Holds identifiers off the wire to their grammar, as reading them from text does: they become names of files and blobs. One without a text is
/// the default one, which is no identifier and names nothing.
/// </summary>
/// <exception cref="FormatException">An identifier is outside its grammar.</exception>
[RegisterConverter]
public sealed class IdentifierConverter : IConverter<JobId, IdentifierText>, IConverter<ParticipantId, IdentifierText>, IConverter<ModelName, IdentifierText>,
    IConverter<SiteName, IdentifierText>, IConverter<DataName, IdentifierText>, IConverter<ContentHash, IdentifierText>
{
    /// <inheritdoc/>
    public IdentifierText ConvertToSurrogate(in JobId value) => new(value.Value);

    /// <inheritdoc/>
    public IdentifierText ConvertToSurrogate(in ParticipantId value) => new(value.Value);

    /// <inheritdoc/>
    public IdentifierText ConvertToSurrogate(in ModelName value) => new(value.Value);

    /// <inheritdoc/>
    public IdentifierText ConvertToSurrogate(in SiteName value) => new(value.Value);

    /// <inheritdoc/>
    public IdentifierText ConvertToSurrogate(in DataName value) => new(value.Value);

    /// <inheritdoc/>
    public IdentifierText ConvertToSurrogate(in ContentHash value) => new(value.Hex);

    JobId IConverter<JobId, IdentifierText>.ConvertFromSurrogate(in IdentifierText surrogate) => Read(surrogate, JobId.Parse);

    ParticipantId IConverter<ParticipantId, IdentifierText>.ConvertFromSurrogate(in IdentifierText surrogate) => Read(surrogate, ParticipantId.Parse);

    ModelName IConverter<ModelName, IdentifierText>.ConvertFromSurrogate(in IdentifierText surrogate) => Read(surrogate, ModelName.Parse);

    SiteName IConverter<SiteName, IdentifierText>.ConvertFromSurrogate(in IdentifierText surrogate) => Read(surrogate, SiteName.Parse);

    DataName IConverter<DataName, IdentifierText>.ConvertFromSurrogate(in IdentifierText surrogate) => Read(surrogate, DataName.Parse);

    ContentHash IConverter<ContentHash, IdentifierText>.ConvertFromSurrogate(in IdentifierText surrogate) => Read(surrogate, ContentHash.Parse);

    private static T Read<T>(IdentifierText surrogate, Func<string?, T> parse)
        where T : struct => surrogate.Text is { } text ? parse(text) : default;
}
