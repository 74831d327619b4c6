using OrleansEdge.Contracts.Identifiers;

namespace OrleansEdge.Silo.Web;

/// <summary>Reads identifiers out of addresses; what is outside the grammar is the asker's fault.</summary>
internal static class RouteText
{
    public static JobId Job(string text) => Read(text, JobId.Parse);

    public static ModelName Model(string text) => Read(text, ModelName.Parse);

    public static ParticipantId Participant(string text) => Read(text, ParticipantId.Parse);

    public static ContentHash Hash(string text) => Read(text, ContentHash.Parse);

    public static VersionReference Version(string text) => Read(text, VersionReference.Parse);

    public static VersionReference Version(ModelName model, string number) => Read($"{model}@{number}", VersionReference.Parse);

    private static T Read<T>(string text, Func<string?, T> parse)
    {
        try
        {
            return parse(text);
        }
        catch (FormatException exception)
        {
            throw ApiException.BadRequest(exception.Message);
        }
    }
}
