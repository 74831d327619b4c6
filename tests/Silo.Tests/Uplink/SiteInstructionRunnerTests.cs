using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using OrleansEdge.Contracts.Content;
using OrleansEdge.Contracts.Faults;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Contracts.Rounds;
using OrleansEdge.Contracts.Training;
using OrleansEdge.Grains.Jobs;
using OrleansEdge.Grains.Models;
using OrleansEdge.Grains.Storage;
using OrleansEdge.Grains.Storage.Content;
using OrleansEdge.Grains.Storage.Folder;
using OrleansEdge.Participation.Updates;
using OrleansEdge.Silo.Tests.Commands;
using OrleansEdge.Silo.Uplink;

namespace OrleansEdge.Silo.Tests.Uplink;

/// <summary>What the parent hears of an instruction when the site's own store is in the way.</summary>
public sealed class SiteInstructionRunnerTests : IDisposable
{
    private static readonly ContentHash Gone = ContentHash.Of([9]);

    private readonly TemporaryFolder _folder = new();
    private readonly FolderBlobStore _blobs;
    private readonly ContentStore _content;
    private readonly FakeTimeProvider _time = new();
    private readonly FakeParent _parent = new();
    private readonly FakeJob _job = new();

    public SiteInstructionRunnerTests()
    {
        _blobs = FolderBlobStore.Open(_folder.Path);
        _content = new(_blobs);
    }

    public void Dispose()
    {
        _blobs.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task What_the_store_cannot_take_is_refused_with_its_sentence()
    {
        _parent.BeforeFetch = () => throw new BlobStoreException("The disk is full: free some space.");
        await Run(3);
        Assert.Equal("the site's store cannot do its part: The disk is full: free some space.", Assert.Single(_parent.Refusals));
    }

    [Fact]
    public async Task A_store_that_is_away_is_tried_again()
    {
        _job.Updates.Enqueue(await Update(3));
        _parent.BeforeFetch = () =>
        {
            _parent.BeforeFetch = null;
            throw new BlobStoreException("The store does not answer.") { IsPassing = true };
        };
        var running = Run(3);
        Assert.False(running.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(2));
        await running;
        Assert.Empty(_parent.Refusals);
        Assert.Equal(3, Assert.Single(_parent.Sent).Round);
    }

    [Fact]
    public async Task What_nobody_foresaw_is_refused_too()
    {
        _parent.BeforeFetch = () => throw new NotSupportedException("never heard of it.");
        await Assert.ThrowsAsync<NotSupportedException>(() => Run(3));
        Assert.Equal("the site failed: never heard of it.", Assert.Single(_parent.Refusals));
    }

    [Fact]
    public async Task A_late_update_that_the_store_has_lost_gives_way_to_the_work_itself()
    {
        _job.Updates.Enqueue(new(1, Gone, Gone, 10, 1, 1));
        _job.Updates.Enqueue(await Update(3));
        await Run(3);
        Assert.Empty(_parent.Refusals);
        Assert.Equal([(1, false), (3, true)], _job.HandedOverUpdates);
    }

    [Fact]
    public async Task An_update_that_the_store_has_lost_is_refused()
    {
        _job.Updates.Enqueue(new(3, Gone, Gone, 10, 1, 1));
        await Run(3);
        Assert.StartsWith("the site's store cannot do its part: ", Assert.Single(_parent.Refusals), StringComparison.Ordinal);
        Assert.Equal([(3, false)], _job.HandedOverUpdates);
    }

    [Fact]
    public async Task What_the_parent_no_longer_has_is_said()
    {
        _parent.BeforeFetch = () => throw new ContentMissingException("there is no content abc.");
        await Run(3);
        Assert.Equal("the parent no longer has what its instruction names: there is no content abc.", Assert.Single(_parent.Refusals));
    }

    [Fact]
    public async Task Work_that_all_have_done_elsewhere_is_not_waited_for()
    {
        _job.Withdrawal = "all have contributed elsewhere.";
        await Run(3);
        Assert.Empty(_parent.Refusals);
        Assert.Equal([("j:3", "all have contributed elsewhere.")], _parent.Withdrawals);
    }

    private Task Run(int round)
    {
        var site = ParticipantId.Parse("harbour");
        var runner = new SiteInstructionRunner(
            site, _parent, _content, new ManifestStore(_content), _ => _job, FaultSwitch.Disarmed, ProcessFaults.None, _time, NullLogger.Instance,
            TestContext.Current.CancellationToken);
        var instruction = new TrainInstruction
        {
            Id = new(new(JobId.Parse("j"), round), InstructionKind.Train),
            Source = new("logistic", null),
            Task = Gone,
            Data = DataName.Parse("d"),
            Base = Gone,
            Options = new(),
        };
        return runner.Run(instruction, new Progress<double>(), TestContext.Current.CancellationToken);
    }

    /// <summary>An update of which all is in the store.</summary>
    private async Task<SiteUpdate> Update(int round)
    {
        var version = await Put([1, 2]);
        return new(round, await Put([0, 1]), version, 10, 1, 1);
    }

    private async Task<ContentHash> Put(float[] weights)
    {
        var shard = await _content.Put(MemoryMarshal.AsBytes(weights.AsSpan()).ToArray());
        var layout = new ModelLayout([new("w", TensorType.Float32, [weights.Length])]);
        return await _content.Put(ModelManifest.OfWeights(layout, new(weights.Length), [shard], default).ToBytes());
    }

    private sealed class FakeParent : IParent
    {
        public Action? BeforeFetch { get; set; }

        public List<string> Refusals { get; } = [];

        public List<(string Round, string Sentence)> Withdrawals { get; } = [];

        public List<UpdateHeader> Sent { get; } = [];

        public SiteName Name => SiteName.Parse("cloud");

        public Task Fetch(Instruction instruction, CancellationToken cancellation)
        {
            BeforeFetch?.Invoke();
            return Task.CompletedTask;
        }

        public Task<CommitReply> Send(IOutgoingUpdate update, CancellationToken cancellation)
        {
            Sent.Add(update.Header);
            return Task.FromResult(new CommitReply(CommitStanding.Committed));
        }

        public Task Refuse(InstructionId instruction, string sentence, CancellationToken cancellation)
        {
            Refusals.Add(sentence);
            return Task.CompletedTask;
        }

        public Task Withdraw(RoundKey round, string sentence, CancellationToken cancellation)
        {
            Withdrawals.Add(($"{round}", sentence));
            return Task.CompletedTask;
        }

        public Task Answer(SurveyAnswer answer, CancellationToken cancellation) => throw new NotSupportedException();
    }

    /// <summary>A job that has something to hand over: the first of its updates, and when that is refused the next.</summary>
    private sealed class FakeJob : IAssignedJob
    {
        public Queue<SiteUpdate> Updates { get; } = [];

        public string? Withdrawal { get; set; }

        public List<(int Round, bool Accepted)> HandedOverUpdates { get; } = [];

        public Task<AssignmentStatus> Assign(SiteName parent, Instruction instruction) =>
            Task.FromResult(new AssignmentStatus
            {
                Round = instruction.Id.Round.Number,
                Kind = instruction.Id.Kind,
                Update = Updates.TryPeek(out var update) ? update : null,
                Refusal = Withdrawal,
                IsWithdrawn = Withdrawal is not null,
            });

        public Task<AssignmentStatus?> GetAssignment() => throw new NotSupportedException();

        public Task<bool> Offer(SiteUpdate update) => Task.FromResult(true);

        public Task HandedOver(SiteUpdate update, bool accepted, bool stale)
        {
            HandedOverUpdates.Add((update.Round, accepted));
            Updates.Dequeue();
            return Task.CompletedTask;
        }

        public Task Settle(int parentRound) => throw new NotSupportedException();

        public Task EndAssignment() => throw new NotSupportedException();
    }
}
