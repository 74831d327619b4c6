using System.Security.Cryptography;
using Orleans.Concurrency;
using Orleans.Placement;
using OrleansEdge.Grains.Coordination;

namespace OrleansEdge.Grains.Sites;

/// <summary>Sees to it that exactly one silo speaks for the site at its parent. The work itself goes on outside the grain.</summary>
[Reentrant, Immovable]
internal sealed class UplinkGrain(
    IGrainContext context,
    [PersistentState("uplink", StorageNames.Grains)] IPersistentState<UplinkState> state,
    IEnumerable<IUplink> uplinks) : IGrainBase, IUplinkGrain, IDisposable
{
    private readonly CancellationTokenSource _ended = new();
    private readonly DurableState<UplinkState> _state = new(state);
    private readonly Turns _turns = new();
    private readonly IUplink? _uplink = uplinks.FirstOrDefault();
    private Task? _running;

    public IGrainContext GrainContext => context;

    public Task Touch() => _turns.Run(async () =>
    {
        if (_uplink is null || _running is { IsCompleted: false })
        {
            return true;
        }

        if (_state.Value.InstanceKey.Length == 0)
        {
            await _state.Write(new() { InstanceKey = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SHA256.HashSizeInBytes)) });
        }

        var (key, cancellation) = (_state.Value.InstanceKey, _ended.Token);
        _running = Task.Run(() => _uplink.Run(key, cancellation), cancellation);
        return true;
    });

    public ValueTask<bool> IsAway() => new(_uplink is { Status.Connected: false });

    public ValueTask<UplinkStatus> GetStatus() => new(_uplink?.Status ?? new());

    async Task IGrainBase.OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await _ended.CancelAsync();
        await (_running ?? Task.CompletedTask).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    public void Dispose() => _ended.Dispose();
}

/// <summary>What a site must not forget of its place at its parent.</summary>
[GenerateSerializer, Alias("oe.state.Uplink")]
internal sealed record UplinkState
{
    /// <summary>Proves, where there are no certificates, that it is this site; empty before the first connection.</summary>
    [Id(0)] public string InstanceKey { get; set; } = "";
}
