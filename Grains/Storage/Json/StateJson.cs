using System.Text.Json;
using System.Text.Json.Serialization;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Contracts.Security;

namespace OrleansEdge.Grains.Storage.Json;

/// <summary>
/// How grain state is written: camel-case properties, identifiers as texts, enumerations as numbers, no names of CLR types anywhere.
/// Properties that a reader does not know are passed over, so that a newer silo's state can be read by an older one.
/// </summary>
public static class StateJson
{
    /// <summary>The options; read-only.</summary>
    public static JsonSerializerOptions Options { get; } = Create();

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            AllowDuplicateProperties = false,
            // A loss may be infinite or not a number, and must not make a state unwritable.
            NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
            Converters =
            {
                new TextIdentifierConverter<JobId>(JobId.Parse, id => id.Value),
                new TextIdentifierConverter<ParticipantId>(ParticipantId.Parse, id => id.Value),
                new TextIdentifierConverter<ModelName>(ModelName.Parse, name => name.Value),
                new TextIdentifierConverter<SiteName>(SiteName.Parse, name => name.Value),
                new TextIdentifierConverter<DataName>(DataName.Parse, name => name.Value),
                new TextIdentifierConverter<ContentHash>(ContentHash.Parse, hash => hash.Hex),
                new TextIdentifierConverter<Thumbprint>(Thumbprint.Parse, thumbprint => thumbprint.Hex),
                new TextIdentifierConverter<KeyFingerprint>(KeyFingerprint.Parse, fingerprint => fingerprint.Hex),
                new TextIdentifierConverter<ModelVersionId>(ModelVersionId.Parse, id => id.Model.Value is null ? null : id.ToString()),
                new ImmutableArrayConverterFactory(),
            },
        };
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
