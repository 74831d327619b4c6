using System.Collections.Immutable;
using OrleansEdge.Azurite;
using OrleansEdge.Grains.Audit;
using OrleansEdge.Grains.Storage;
using OrleansEdge.Grains.Storage.Folder;
using OrleansEdge.Grains.Tests.Cluster;
using OrleansEdge.Grains.Tests.Retention;
using OrleansEdge.Grains.Tests.Storage;
using OrleansEdge.Grains.Tests.Storage.Azure;

namespace OrleansEdge.Grains.Tests.Audit;

/// <summary>What the chain does on every store.</summary>
public abstract class AuditStoreTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Several_silos_append_to_one_whole_chain_and_lose_nothing()
    {
        var blobs = await Open();
        await Task.WhenAll(Enumerable.Range(0, 3).Select(silo => Task.Run(async () =>
        {
            var store = new AuditStore(blobs);
            for (var index = 0; index < 10; index++)
            {
                await store.Append([Record($"silo{silo}", $"job{index}")], Cancellation);
            }
        })));

        var examination = await new AuditStore(blobs).Examine([], Cancellation);
        Assert.Empty(examination.Faults);
        Assert.Equal((30, 30), (examination.Records, examination.Head.Sequence));
        var records = await new AuditStore(blobs).ReadLast(100, Cancellation);
        for (var silo = 0; silo < 3; silo++)
        {
            Assert.Equal(
                Enumerable.Range(0, 10).Reverse().Select(index => $"job{index}"),
                records.Where(record => record.Entry.Who == $"silo{silo}").Select(record => record.Entry.Subject));
        }
    }

    [Fact]
    public async Task The_last_records_are_read_newest_first()
    {
        var store = new AuditStore(await Open());
        await store.Append([Record("a", "1"), Record("a", "2")], Cancellation);
        var head = await store.Append([Record("a", "3"), Record("a", "4")], Cancellation);

        Assert.Equal(["4", "3", "2"], (await store.ReadLast(3, Cancellation)).Select(record => record.Entry.Subject));
        Assert.Equal(head, (await store.Examine([], Cancellation)).Head);
    }

    [Fact]
    public async Task A_store_that_was_tampered_with_is_found()
    {
        var blobs = await Open();
        var store = new AuditStore(blobs);
        for (var index = 0; index < 4; index++)
        {
            await store.Append([Record("a", $"{index}")], Cancellation);
        }

        var head = (await store.Examine([], Cancellation)).Head;
        await blobs.Delete(AuditBlock.NameOf(4), cancellation: Cancellation);
        Assert.Empty((await store.Examine([], Cancellation)).Faults);
        Assert.Single((await store.Examine([head], Cancellation)).Faults);
        await blobs.Write(AuditBlock.NameOf(2), new AuditBlock(2, new('0', 64), [Record("a", "forged")]).ToBytes(), cancellation: Cancellation);
        Assert.Equal(2, (await store.Examine([], Cancellation)).Faults.Length);
    }

    internal static AuditRecord Record(string who, string subject) => new(DateTimeOffset.UnixEpoch, new(who, "stop", AuditOutcome.Done, subject));

    protected abstract ValueTask<IBlobStore> Open();
}

public sealed class FolderAuditStoreTests : AuditStoreTests, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private FolderBlobStore? _store;

    public static TheoryData<string> Points => [.. BlobCrashPoints.All];

    /// <summary>As a restart finds it: what was acknowledged is there, and the chain goes on.</summary>
    [Theory]
    [MemberData(nameof(Points))]
    public async Task A_crash_at_any_moment_of_a_write_leaves_a_whole_chain_that_goes_on(string point)
    {
        using var crashed = new TemporaryFolder();
        var armed = false;
        using var store = FolderBlobStore.Open(_folder.Path, new()
        {
            CrashPoint = passed =>
            {
                if (armed && passed == point)
                {
                    TemporaryFolder.Copy(_folder.Path, crashed.Path);
                }
            },
        });
        var chain = new AuditStore(store);
        await chain.Append([Record("a", "acknowledged")], TestContext.Current.CancellationToken);
        armed = true;
        await chain.Append([Record("a", "in flight")], TestContext.Current.CancellationToken);

        using var recovered = FolderBlobStore.Open(crashed.Path);
        var after = new AuditStore(recovered);
        await after.Append([Record("a", "later")], TestContext.Current.CancellationToken);
        Assert.Empty((await after.Examine([], TestContext.Current.CancellationToken)).Faults);
        var isThere = point is BlobCrashPoints.Renamed or BlobCrashPoints.Durable;
        Assert.Equal(
            isThere ? ["later", "in flight", "acknowledged"] : ["later", "acknowledged"],
            (await after.ReadLast(9, TestContext.Current.CancellationToken)).Select(record => record.Entry.Subject));
    }

    public void Dispose()
    {
        _store?.Dispose();
        _folder.Dispose();
    }

    protected override ValueTask<IBlobStore> Open() => new(_store = FolderBlobStore.Open(_folder.Path));
}

public sealed class AzureAuditStoreTests(AzuriteFixture azurite) : AuditStoreTests
{
    protected override async ValueTask<IBlobStore> Open() => await azurite.Open();
}

public sealed class AuditStoreFailureTests
{
    [Fact]
    public async Task An_answer_that_was_lost_does_not_write_the_block_twice()
    {
        var blobs = new MemoryBlobStore();
        var records = ImmutableArray.Create(AuditStoreTests.Record("a", "once"));
        var lost = new AuditStore(blobs);
        await lost.Append([AuditStoreTests.Record("a", "first")], TestContext.Current.CancellationToken);
        var again = new AuditStore(blobs);
        await again.Append([AuditStoreTests.Record("a", "second")], TestContext.Current.CancellationToken);

        // The same block, as its writer sends it again; then somebody else's after it.
        var block = new AuditBlock(3, (await again.Examine([], TestContext.Current.CancellationToken)).Head.Hash, records);
        await blobs.Write(AuditBlock.NameOf(3), block.ToBytes(), cancellation: TestContext.Current.CancellationToken);
        await new AuditStore(blobs).Append([AuditStoreTests.Record("b", "other")], TestContext.Current.CancellationToken);
        await again.Append(records, TestContext.Current.CancellationToken);

        Assert.Equal(
            ["other", "once", "second", "first"],
            (await again.ReadLast(9, TestContext.Current.CancellationToken)).Select(record => record.Entry.Subject));
    }

    [Fact]
    public async Task What_cannot_be_written_is_said_to_its_caller_and_the_next_can_be()
    {
        var blobs = new CrashableStore(new MemoryBlobStore());
        var store = new AuditStore(blobs);
        using var log = new AuditLog(store, new NoAuditAnchor(), TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<AuditLog>.Instance);
        blobs.Die();
        await Assert.ThrowsAsync<BlobStoreException>(() => log.Record(new("a", "lost", AuditOutcome.Done)));
        blobs.Revive();
        await Task.WhenAll(Enumerable.Range(0, 50).Select(index => log.Record(new("a", $"{index}", AuditOutcome.Done))));

        var examination = await store.Examine([], TestContext.Current.CancellationToken);
        Assert.Empty(examination.Faults);
        Assert.Equal(50, examination.Records);
    }
}
