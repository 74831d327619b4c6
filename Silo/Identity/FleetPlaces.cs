using Microsoft.Extensions.Options;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Identity;
using OrleansEdge.Grains.Coordination;
using OrleansEdge.Grains.Participants;
using OrleansEdge.Silo.Web;

namespace OrleansEdge.Silo.Identity;

/// <summary>How many participants a site takes: <see cref="CoordinationOptions.MaximumParticipants"/>. Nobody is asked where there is no limit.</summary>
internal sealed class FleetPlaces(IGrainFactory grains, IOptions<CoordinationOptions> options)
{
    private int Limit => options.Value.MaximumParticipants;

    /// <summary>The answer to a participant for which there is no place now; null where there is one, which is kept for it.</summary>
    public async Task<IResult?> Refuse(ParticipantId participant, CancellationToken cancellation) =>
        Limit <= 0 || await Fleet.Admit(participant).Limited(cancellation)
            ? null
            : OperatorApi.Answer(
                new TokenRefusal($"this site is full, with places for {Limit}: give the device another site with --fallback, or wait until a place is free."),
                StatusCodes.Status503ServiceUnavailable);

    /// <summary>Whether there is no place for one more.</summary>
    public async ValueTask<bool> AreTaken(CancellationToken cancellation) => Limit > 0 && await Fleet.IsFull().Limited(cancellation);

    private IFleetGrain Fleet => grains.GetGrain<IFleetGrain>(StorageNames.Fleet);
}
