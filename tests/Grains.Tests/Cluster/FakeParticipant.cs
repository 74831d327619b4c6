using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using OrleansEdge.Contracts.Content;
using OrleansEdge.Contracts.Data;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Contracts.Participants;
using OrleansEdge.Contracts.Rounds;
using OrleansEdge.Contracts.Sites;
using OrleansEdge.Contracts.Training;

namespace OrleansEdge.Grains.Tests.Cluster;

/// <summary>Speaks the participants' contract as an agent does: registers, pulls, trains (a function of the seed), sends, commits, keeps.</summary>
internal sealed class FakeParticipant(string id, Func<ITestSite> site) : IAsyncDisposable
{
    public static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<RoundKey, FakeUpdate> _outbox = [];
    private readonly List<FinishedInstruction> _finished = [];
    private Task _life = Task.CompletedTask;

    public ParticipantId Id { get; } = ParticipantId.Parse(id);

    public string Key { get; init; } = new('a', 64);

    public int ContractVersion { get; init; } = SiteDescription.CurrentContractVersion;

    public Guid Process { get; } = Guid.NewGuid();

    public string[] Data { get; init; } = ["d"];

    public int Width { get; init; } = 1000;

    public long Examples { get; init; } = 10;

    /// <summary>The update for a train instruction; by default a function of its seed.</summary>
    public Func<TrainInstruction, float[]>? Update { get; init; }

    /// <summary>Finds the entry to the silo with a number; null sends to the shard itself.</summary>
    public Func<int, IEntryGrain?>? Entries { get; set; }

    /// <summary>The chunks that went through an entry.</summary>
    public int SentThroughEntries { get; private set; }

    /// <summary>Before the upload.</summary>
    public Func<RoundKey, Task>? BeforeUpload { get; set; }

    /// <summary>After a chunk was sent.</summary>
    public Func<RoundKey, Task>? AfterChunk { get; set; }

    /// <summary>After the upload, before the commit.</summary>
    public Func<RoundKey, Task>? BeforeCommit { get; set; }

    /// <summary>Changes the commit.</summary>
    public Func<UpdateCommit, UpdateCommit>? Alter { get; init; }

    /// <summary>A sentence to decline with.</summary>
    public Func<Instruction, string?>? Refuse { get; init; }

    /// <summary>A sentence to withdraw with.</summary>
    public Func<TrainInstruction, string?>? Withdraw { get; init; }

    public ConcurrentQueue<InstructionId> Done { get; } = [];

    public ConcurrentQueue<CommitReply> Replies { get; } = [];

    public int Sent { get; private set; }

    public bool IsSuperseded { get; private set; }

    public ICollection<RoundKey> Outbox => _outbox.Keys;

    public static float[] Random(ulong seed, int width)
    {
        var random = new Random((int)(seed % int.MaxValue));
        return [.. Enumerable.Range(0, width).Select(_ => (float)((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-6, 3))))];
    }

    public FakeParticipant Start()
    {
        _life = Task.Run(Live);
        return this;
    }

    /// <summary>Ends at once, without a word to anyone.</summary>
    public void Kill() => _stop.Cancel();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _life.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    public async Task<RegistrationReply> Register() => await site().Grains.GetGrain<IParticipantGrain>(id).Register(new(
        Key, Process, ContractVersion, new(1, 1, "test", 1, 1), [.. Data.Select(DataName.Parse)])).WaitAsync(CallLimit);

    public async Task<SyncReply> Sync(bool wait = false) => await site().Grains.GetGrain<IParticipantGrain>(id).Sync(
        new(Process, new(null, 0), [.. _finished], [.. _outbox.Keys], wait), CancellationToken.None).AsTask().WaitAsync(CallLimit, _stop.Token);

    /// <summary>Sends and commits.</summary>
    public async Task<CommitReply> Deliver(RoundKey round, FakeUpdate update)
    {
        var plan = new ShardPlan(update.Values.Length);
        foreach (var shard in plan.Shards)
        {
            var bytes = MemoryMarshal.AsBytes(update.Values.AsSpan((int)shard.Offset, shard.Length)).ToArray();
            var header = new UploadHeader(Id, bytes.Length, update.Commit.Shards[shard.Index]);
            var key = new ShardKey(round, shard.Index);
            var grain = site().Grains.GetGrain<IShardGrain>(key.ToString());
            var entry = Entries is null ? null : Entries((await grain.Begin(header).AsTask().WaitAsync(CallLimit, _stop.Token)).Silo);
            for (var offset = 0; offset < bytes.Length;)
            {
                var length = Math.Min(Chunk.PreferredLength, bytes.Length - offset);
                var chunk = new Chunk(bytes.AsMemory(offset, length));
                var sending = entry is null ? grain.Append(header, offset, chunk).AsTask() : entry.Append(header, key, offset, chunk).AsTask();
                var reply = await sending.WaitAsync(CallLimit, _stop.Token);
                Sent++;
                SentThroughEntries += entry is null ? 0 : 1;
                switch (reply.Standing)
                {
                    case UploadStanding.Busy:
                        await Polling.Pause(_stop.Token);
                        continue;
                    case UploadStanding.Refused:
                        return new(CommitStanding.Refused, reply.Reason);
                    case UploadStanding.RoundOver:
                        return new(CommitStanding.RoundOver);
                }

                offset += length;
                await (AfterChunk?.Invoke(round) ?? Task.CompletedTask);
            }
        }

        await (BeforeCommit?.Invoke(round) ?? Task.CompletedTask);
        while (true)
        {
            var reply = await site().Grains.GetGrain<IRoundGrain>(round.ToString()).Commit(update.Commit).WaitAsync(CallLimit, _stop.Token);
            if (reply.Standing != CommitStanding.Retry)
            {
                return reply;
            }

            await Polling.Pause(_stop.Token);
        }
    }

    public FakeUpdate Make(float[] values, ContentHash? origin)
    {
        var plan = new ShardPlan(values.Length);
        var commit = new UpdateCommit
        {
            Participant = Id,
            Base = origin,
            Examples = Examples,
            Shards = [.. plan.Shards.Select(shard => UpdateDigest.Of(MemoryMarshal.AsBytes(values.AsSpan((int)shard.Offset, shard.Length))))],
            Layout = origin is null ? new ModelLayout([new("w", TensorType.Float32, [values.Length])]) : null,
            LossSum = 1,
        };
        return new(Alter?.Invoke(commit) ?? commit, values);
    }

    private async Task Live()
    {
        var registered = false;
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                registered = registered || (await Register()).Refusal is null;
                var count = _finished.Count;
                var reply = await Sync(wait: true);
                _finished.RemoveRange(0, count);
                foreach (var round in reply.Settled)
                {
                    _outbox.TryRemove(round, out _);
                }

                if (reply.Standing == SyncStanding.Superseded)
                {
                    IsSuperseded = true;
                    return;
                }

                registered = reply.Standing == SyncStanding.Current;
                if (reply.Instruction is not (WaitInstruction or StopInstruction))
                {
                    await Obey(reply.Instruction);
                    _finished.Add(new(reply.Instruction.Id, reply.Instruction.Offer));
                    Done.Enqueue(reply.Instruction.Id);
                }
            }
            catch (Exception) when (!_stop.IsCancellationRequested)
            {
                await Polling.Pause(CancellationToken.None);
            }
        }
    }

    private async Task Obey(Instruction instruction)
    {
        var round = instruction.Id.Round;
        if (Refuse?.Invoke(instruction) is { } reason)
        {
            if (instruction is EvaluateInstruction)
            {
                await Answer(instruction, "evaluate", null, null, reason);
                return;
            }

            await site().Grains.GetGrain<IRoundGrain>(round.ToString()).Decline(Id, reason).WaitAsync(CallLimit);
            return;
        }

        if (instruction is TrainInstruction wanted && Withdraw?.Invoke(wanted) is { } elsewhere)
        {
            await site().Grains.GetGrain<IRoundGrain>(round.ToString()).Withdraw(Id, elsewhere).WaitAsync(CallLimit);
            return;
        }

        switch (instruction)
        {
            case DescribeInstruction:
                await Answer(instruction, "describe", new(TaskKind.Classification, [1, 2, 2], ["0", "1"], [], Examples, [], []), null);
                break;
            case EvaluateInstruction:
                await Answer(instruction, "evaluate", null, new EvaluationSums(Examples, Examples, 0));
                break;
            case InitialiseInstruction initialise:
                await Contribute(round, () => Make(Random(initialise.Seed, Width), null));
                break;
            case TrainInstruction train:
                await Contribute(round, () => Make(Update?.Invoke(train) ?? Random(train.Seed, Width), train.Base));
                break;
        }
    }

    private async Task Contribute(RoundKey round, Func<FakeUpdate> make)
    {
        var update = _outbox.GetOrAdd(round, _ => make());
        await (BeforeUpload?.Invoke(round) ?? Task.CompletedTask);
        var reply = await Deliver(round, update);
        Replies.Enqueue(reply);
        if (reply.Standing == CommitStanding.Refused)
        {
            _outbox.TryRemove(round, out _);
            await site().Grains.GetGrain<IRoundGrain>(round.ToString()).Decline(Id, reply.Reason!).WaitAsync(CallLimit);
        }
        else if (reply.Standing == CommitStanding.RoundOver)
        {
            _outbox.TryRemove(round, out _);
        }
    }

    private Task Answer(Instruction instruction, string kind, DataSummary? summary, EvaluationSums? evaluation, string? refusal = null) => site().Grains
        .GetGrain<ISurveyGrain>($"{instruction.Id.Round}:{kind}").Answer(new(Id, instruction.Id, summary, evaluation, refusal)).WaitAsync(CallLimit);
}

/// <summary>An update with its commit.</summary>
internal sealed record FakeUpdate(UpdateCommit Commit, float[] Values);
