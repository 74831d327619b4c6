using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Participants;
using OrleansEdge.Contracts.Rounds;
using OrleansEdge.Contracts.Sites;
using OrleansEdge.Grains.Coordination;
using OrleansEdge.Grains.Identity;
using OrleansEdge.Grains.Jobs;

namespace OrleansEdge.Grains.Participants;

/// <summary>Registration, and the mailbox from which a participant pulls. Never waits for the participant; a heartbeat never blocks the grain.</summary>
[Reentrant]
internal sealed class ParticipantGrain(
    IGrainContext context,
    [PersistentState("participant", StorageNames.Grains)] IPersistentState<ParticipantState> state,
    IGrainFactory grains,
    TimeProvider time,
    IHostApplicationLifetime lifetime,
    IOptions<CoordinationOptions> options) : IGrainBase, IParticipantGrain, IParticipantInbox
{
    private readonly DurableState<ParticipantState> _state = new(state);
    private readonly Turns _registering = new();
    private readonly InstructionQueue _queue = new(time.GetUtcNow().Ticks);
    private readonly Dictionary<RoundKey, DateTimeOffset> _asked = [];
    private TaskCompletionSource _wake = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ParticipantActivity _activity = new(null, 0);
    private DateTimeOffset _announcedAt;
    private DateTimeOffset _jobsAskedAt;
    private DateTimeOffset _lastSeen;
    private SiteReport? _site;

    public IGrainContext GrainContext => context;

    private ParticipantId Id => ParticipantId.Parse(context.GrainId.Key.ToString());

    /// <summary>An id may be owned before anybody has registered with it.</summary>
    private bool IsRegistered => _state.Value.Process != Guid.Empty;

    private string NotOwner =>
        $"the id '{Id}' belongs to another installation: choose another --device, or start in the folder that first used this id.";

    private IFleetGrain Fleet => grains.GetGrain<IFleetGrain>(StorageNames.Fleet);

    public async Task<RegistrationReply> Register(Registration registration)
    {
        if (registration.ContractVersion != SiteDescription.CurrentContractVersion)
        {
            return new($"this site speaks version {SiteDescription.CurrentContractVersion} of the contract and the agent speaks version " +
                $"{registration.ContractVersion}: install the same release on both.");
        }

        if (ReportRules.Refuse(registration) is { } fault)
        {
            return new(fault);
        }

        // One at a time: of two installations that claim a new id at once, the second must see what the first has written.
        if (await _registering.Run(() => Claim(registration)) is { } refusal)
        {
            return new(refusal);
        }

        await Announce();
        return new(Refusal: null);
    }

    public Task<string?> Admit(string instanceKeyHash) => _registering.Run(async () =>
    {
        if (!IsOwner(instanceKeyHash))
        {
            return NotOwner;
        }

        if (_state.Value.InstanceKeyHash is null)
        {
            await _state.Write(_state.Value with { InstanceKeyHash = instanceKeyHash });
        }

        return null;
    });

    private bool IsOwner(string keyHash) => _state.Value.InstanceKeyHash is not { } owner
        || CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(owner), Encoding.ASCII.GetBytes(keyHash));

    private async Task<string?> Claim(Registration registration)
    {
        var keyHash = InstanceKey.HashOf(registration.InstanceKey);
        var current = _state.Value;

        // Where certificates prove who somebody is, new hardware may have an old identity.
        if (Caller.Current is not { Thumbprint: not null } && !IsOwner(keyHash))
        {
            return NotOwner;
        }

        if (current.InstanceKeyHash != keyHash || current.Process != registration.Process || current.ContractVersion != registration.ContractVersion
            || !current.Data.SequenceEqual(registration.Data))
        {
            await _state.Write(new()
            {
                InstanceKeyHash = keyHash,
                Process = registration.Process,
                ContractVersion = registration.ContractVersion,
                Profile = registration.Profile,
                Data = registration.Data,
                RegisteredAt = time.GetUtcNow(),
            });
            Wake();
        }

        return null;
    }

    public async ValueTask<SyncReply> Sync(SyncReport report, CancellationToken cancellation)
    {
        ReportRules.Require(report);
        if (report.Process != _state.Value.Process)
        {
            // The registration may have gone through another activation: only the store knows whose turn it is.
            await _state.Read();
        }

        if (report.Process != _state.Value.Process)
        {
            return Reply(!IsRegistered ? SyncStanding.Unregistered : SyncStanding.Superseded, null, []);
        }

        if (_state.Value.ContractVersion != SiteDescription.CurrentContractVersion)
        {
            // The site was of another release when this process registered: it must say again what it speaks.
            return Reply(SyncStanding.Unregistered, null, []);
        }

        _site = report.Site;
        await See(report.Activity);
        _queue.Finish(report.Finished);
        await AskAfterUnknownRounds(report);
        var settled = report.Outbox.Where(_queue.IsSettled).ToImmutableArray();
        if (report.Activity.Instruction is { } current)
        {
            return Reply(SyncStanding.Current, _queue.IsVoid(current) ? new StopInstruction { Id = current } : null, settled, await Ended(report));
        }

        var next = _queue.Next();
        if (next is null && report.Wait && settled.IsEmpty)
        {
            await WaitForWork(cancellation);
            next = _state.Value.Process == report.Process ? _queue.Next() : null;
            settled = [.. report.Outbox.Where(_queue.IsSettled)];
        }

        return Reply(SyncStanding.Current, next, settled, await Ended(report));
    }

    public Task Offer(Instruction instruction)
    {
        _queue.Offer(instruction);
        Wake();
        return Task.CompletedTask;
    }

    public Task Ensure(Instruction instruction)
    {
        if (_queue.Ensure(instruction))
        {
            Wake();
        }

        return Task.CompletedTask;
    }

    public Task Withdraw(InstructionId instruction)
    {
        _queue.Withdraw(instruction);
        return Task.CompletedTask;
    }

    public Task Settle(RoundKey round)
    {
        _queue.Settle(round);
        _asked.Remove(round);
        Wake();
        return Task.CompletedTask;
    }

    public ValueTask<ParticipantStatus?> GetStatus() => new(!IsRegistered
        ? null
        : new ParticipantStatus(Entry() with { Alive = time.GetUtcNow() - _lastSeen < options.Value.Liveness }, _state.Value.Profile, _queue.Pending));

    private static SyncReply Reply(
        SyncStanding standing, Instruction? instruction, ImmutableArray<RoundKey> settled, ImmutableArray<JobId> ended = default) =>
        new(standing, instruction ?? new WaitInstruction { Id = default }, settled) { Ended = ended.IsDefault ? [] : ended };

    /// <summary>Those of a site's jobs that are over here: it runs them for nobody. Asked as seldom as the fleet is told of it.</summary>
    private async Task<ImmutableArray<JobId>> Ended(SyncReport report)
    {
        var now = time.GetUtcNow();
        if (report.Site is not { Jobs.IsEmpty: false } site || now - _jobsAskedAt < options.Value.AnnounceInterval)
        {
            return [];
        }

        _jobsAskedAt = now;
        var over = await Task.WhenAll(site.Jobs.Select(job => grains.GetGrain<IJobControl>(job.Job.Value).HasEnded().AsTask()));
        return [.. site.Jobs.Zip(over).Where(pair => pair.Second).Select(pair => pair.First.Job)];
    }

    private async Task See(ParticipantActivity activity)
    {
        _lastSeen = time.GetUtcNow();
        var changed = activity.Instruction != _activity.Instruction;
        _activity = activity;
        if (changed || _lastSeen - _announcedAt >= options.Value.AnnounceInterval)
        {
            await Announce();
        }
    }

    private Task Announce()
    {
        _lastSeen = time.GetUtcNow();
        _announcedAt = _lastSeen;
        return Fleet.Announce(Entry());
    }

    private FleetEntry Entry() => new(Id, _state.Value.Data, _lastSeen, _state.Value.RegisteredAt, _activity) { Site = _site };

    /// <summary>
    /// A round that the participant knows and this grain does not means that the silo has restarted: the touch revives the job, and a round
    /// that is over is settled here.
    /// </summary>
    private async Task AskAfterUnknownRounds(SyncReport report)
    {
        HashSet<RoundKey> named = [.. report.Activity.Instruction is { } working ? report.Outbox.Append(working.Round) : report.Outbox];
        foreach (var gone in _asked.Keys.Where(round => !named.Contains(round)).ToList())
        {
            _asked.Remove(gone);
        }

        var now = time.GetUtcNow();
        foreach (var round in named.Where(round => !_queue.IsSettled(round)).Take(ReportRules.MaximumLookUps))
        {
            if (_asked.TryGetValue(round, out var askedAt) && now - askedAt < options.Value.AnnounceInterval)
            {
                continue;
            }

            _asked[round] = now;
            if (await grains.GetGrain<IJobControl>(round.Job.Value).IsOver(round))
            {
                _queue.Settle(round);
                _asked.Remove(round);
            }
        }
    }

    private async Task WaitForWork(CancellationToken cancellation)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation, lifetime.ApplicationStopping);
        try
        {
            await _wake.Task.WaitAsync(options.Value.LongPoll, time, ended.Token);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            // Nothing came: the participant asks again.
        }
    }

    private void Wake()
    {
        _wake.TrySetResult();
        _wake = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
