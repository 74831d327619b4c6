using System.Collections.Immutable;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Orleans.Placement;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Grains.Coordination;
using OrleansEdge.Grains.Participants;
using OrleansEdge.Grains.Storage;

namespace OrleansEdge.Grains.Sites;

/// <summary>Sees to it that exactly one silo speaks for the site at its parent. The work itself goes on outside the grain.</summary>
[Reentrant, Immovable]
internal sealed partial class UplinkGrain(
    IGrainContext context,
    [PersistentState("uplink", StorageNames.Grains)] IPersistentState<UplinkState> state,
    IEnumerable<IUplink> uplinks,
    IGrainFactory grains,
    IOptions<CoordinationOptions> options,
    ILogger<UplinkGrain> logger) : IGrainBase, IUplinkGrain, IDisposable
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
            await _state.Write(_state.Value with { InstanceKey = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SHA256.HashSizeInBytes)) });
        }

        var (key, cancellation) = (_state.Value.InstanceKey, _ended.Token);
        _running = Task.Run(() => _uplink.Run(key, cancellation), cancellation);
        return true;
    });

    public ValueTask<bool> IsAway() => new(_uplink is { Status.Connected: false });

    public Task<ImmutableArray<DataName>> Offer(ImmutableArray<DataName> present) => _turns.Run(async () =>
    {
        var missing = _state.Value.Data.RemoveAll(present.Contains);
        var offered = missing.IsEmpty || !await MayComeBack(missing[0])
            ? present
            : [.. present.Concat(missing).Order().Take(ReportRules.MaximumData)];
        if (!offered.SequenceEqual(_state.Value.Data))
        {
            await Remember(offered);
        }

        return offered;
    });

    public ValueTask<UplinkStatus> GetStatus() => new(_uplink?.Status ?? new());

    async Task IGrainBase.OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await _ended.CancelAsync();
        await (_running ?? Task.CompletedTask).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    public void Dispose() => _ended.Dispose();

    /// <summary>Whether the fleet has not listened for long enough to know that those with some data are gone.</summary>
    private async Task<bool> MayComeBack(DataName data)
    {
        var (_, age) = await grains.GetGrain<IFleetGrain>(StorageNames.Fleet).GetCandidates(data);
        return age < options.Value.Liveness;
    }

    /// <summary>Without the store the site still takes part; what cannot be remembered now is remembered at a later heartbeat.</summary>
    private async Task Remember(ImmutableArray<DataName> offered)
    {
        try
        {
            await _state.Write(_state.Value with { Data = offered });
        }
        catch (Exception exception) when (StorageTrouble.Find(exception) is not null)
        {
            LogNotRemembered(exception.Message);
        }
    }

    [LoggerMessage(LogLevel.Warning, "What this site offers its parent could not be stored, and is tried again in a moment: {Reason}")]
    private partial void LogNotRemembered(string reason);
}

/// <summary>What a site must not forget of its place at its parent.</summary>
[GenerateSerializer, Alias("oe.state.Uplink")]
internal sealed record UplinkState
{
    /// <summary>Proves, where there are no certificates, that it is this site; empty before the first connection.</summary>
    [Id(0)] public string InstanceKey { get; set; } = "";

    /// <summary>The names of the data that it offered last, in order: after a restart its participants need a moment to come back.</summary>
    [Id(1)] public ImmutableArray<DataName> Data { get; set; } = [];
}
