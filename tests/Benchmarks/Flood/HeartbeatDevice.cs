using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Participants;
using OrleansEdge.Contracts.Sites;
using OrleansEdge.Participation.Connection;
using OrleansEdge.Participation.Identity;

namespace OrleansEdge.Benchmarks.Flood;

/// <summary>A device that does nothing but be there, and what it is told to call.</summary>
internal sealed class HeartbeatDevice(ParticipantId id, SiteConnection connection) : IDisposable
{
    private readonly Guid _process = Guid.NewGuid();
    private readonly string _key = KeyOf(id);
    private readonly AccessTokenSource _tokens = new(
        token => connection.RequestToken(new(id.Value, KeyOf(id)), client: null, token), TimeProvider.System);

    private readonly IParticipantGrain _grain = connection.Grains.GetGrain<IParticipantGrain>(id.Value);

    /// <summary>Its id.</summary>
    public ParticipantId Id => id;

    /// <summary>Introduces it.</summary>
    /// <exception cref="Processes.BenchmarkException">The site does not want it.</exception>
    public async Task Register()
    {
        var reply = await Call(() => _grain.Register(
            new(_key, _process, SiteDescription.CurrentContractVersion, new(1, 1 << 30, "benchmark", 1, 1), [DataName.Parse("none")])));
        if (reply.Refusal is { } refusal)
        {
            throw new Processes.BenchmarkException(refusal);
        }
    }

    /// <summary>One heartbeat that is answered at once.</summary>
    public Task Beat() => Call(() => _grain.Sync(new(_process, new(null, 0), [], [], Wait: false), CancellationToken.None).AsTask());

    /// <summary>Makes a call as this device.</summary>
    public async Task<T> Call<T>(Func<Task<T>> call)
    {
        _tokens.Enter();
        return await AccessTokenSource.Call(call);
    }

    /// <inheritdoc/>
    public void Dispose() => _tokens.Dispose();

    private static string KeyOf(ParticipantId id) => ContentHash.Of(System.Text.Encoding.UTF8.GetBytes(id.Value)).Hex;
}
