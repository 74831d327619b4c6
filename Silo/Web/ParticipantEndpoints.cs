using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrleansEdge.Grains.Coordination;
using OrleansEdge.Grains.Participants;

namespace OrleansEdge.Silo.Web;

/// <summary><c>/api/participants</c>.</summary>
internal static class ParticipantEndpoints
{
    public static void Map(RouteGroupBuilder participants)
    {
        participants.MapGet("", async (IGrainFactory grains, CancellationToken cancellation) =>
            OperatorApi.Answer(await grains.GetGrain<IFleetGrain>(StorageNames.Fleet).List().Limited(cancellation)));
        participants.MapGet("/{**id}", Show);
    }

    private static async Task<IResult> Show(string id, IGrainFactory grains, CancellationToken cancellation)
    {
        var participant = RouteText.Participant(id);
        return await grains.GetGrain<IParticipantInbox>(participant.Value).GetStatus().Limited(cancellation) is { } status
            ? OperatorApi.Answer(status)
            : throw ApiException.NotFound($"There is no device '{participant}' that ever joined this site: 'devices list' shows who is here.");
    }
}
