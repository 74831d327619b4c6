using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Participants;
using OrleansEdge.Contracts.Sites;

namespace OrleansEdge.Benchmarks.Flood;

/// <summary>A device that does nothing but be there.</summary>
internal sealed class HeartbeatDevice(ParticipantId id, IGrainFactory grains)
{
    private readonly Guid _process = Guid.NewGuid();
    private readonly IParticipantGrain _grain = grains.GetGrain<IParticipantGrain>(id.Value);

    /// <summary>Its id.</summary>
    public ParticipantId Id => id;

    /// <summary>Introduces it.</summary>
    /// <exception cref="Processes.BenchmarkException">The site does not want it.</exception>
    public async Task Register()
    {
        var key = ContentHash.Of(System.Text.Encoding.UTF8.GetBytes(id.Value)).Hex;
        var reply = await _grain.Register(new(key, _process, SiteDescription.CurrentContractVersion, new(1, 1 << 30, "benchmark", 1, 1), [DataName.Parse("none")]));
        if (reply.Refusal is { } refusal)
        {
            throw new Processes.BenchmarkException(refusal);
        }
    }

    /// <summary>One heartbeat that is answered at once.</summary>
    public async Task Beat() => await _grain.Sync(new(_process, new(null, 0), [], [], Wait: false), CancellationToken.None);
}
