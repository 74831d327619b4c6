using System.Collections.Immutable;
using OrleansEdge.Contracts.Faults;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Grains.Coordination;
using OrleansEdge.Grains.Models;
using OrleansEdge.Grains.Retention;
using OrleansEdge.Grains.Storage;
using OrleansEdge.Grains.Storage.Content;

namespace OrleansEdge.Grains.Tests.Retention;

/// <summary>
/// A collection and a publication at once, in all orders of their steps and with the death of either after each. There is no grace: nothing
/// that is published rests on how long anything takes.
/// </summary>
public sealed class PublicationRaceTests
{
    private const float New = 2;

    /// <summary>What is in the store before.</summary>
    public enum Before
    {
        /// <summary>Nothing of the new version.</summary>
        Nothing,

        /// <summary>The same content, of a version that was pruned: nothing refers to it, and it is marked.</summary>
        Orphans,

        /// <summary>The record of a publication that died before its head, and its content.</summary>
        Record,
    }

    [Theory]
    [InlineData(Before.Nothing)]
    [InlineData(Before.Orphans)]
    [InlineData(Before.Record)]
    public Task Published_version_is_whole_in_every_order_of_steps(Before before) => Detached(() =>
    {
        var (storedAgain, spared) = (0, 0);
        var orders = Interleavings.RunAll(choose =>
        {
            var site = new Site(before);
            var publication = site.Publish(site.Shared());
            var collection = site.Collect(site.Shared());
            Interleavings.Run(choose, publication, collection);
            storedAgain += publication.Process.IsFaulted ? 1 : 0;
            spared += publication.Process.IsCompletedSuccessfully ? 1 : 0;
            site.PublishAndCheck();
            Assert.True(collection.Process.IsCompletedSuccessfully, collection.Process.Exception?.ToString());
        });
        TestContext.Current.TestOutputHelper?.WriteLine($"{orders} orders, of which {storedAgain} had to store content again");
        Assert.True(orders > 1000, $"only {orders} orders were tried");
        Assert.True(spared > 0, "no publication went through at once");
        Assert.True(storedAgain > 0 || before == Before.Record, "no content was ever collected under a publication, so the test shows nothing");
    });

    [Theory]
    [InlineData(Before.Nothing)]
    [InlineData(Before.Orphans)]
    [InlineData(Before.Record)]
    public Task Publication_that_dies_after_any_step_is_done_again_after_a_collection(Before before) => Detached(() =>
    {
        for (var steps = 0; ; steps++)
        {
            var site = new Site(before);
            var (store, process) = site.Publish(site.Shared());
            var hasDied = Interleavings.Run(store, process, steps);
            site.CollectNow();
            site.PublishAndCheck();
            if (!hasDied)
            {
                Assert.True(steps > 5, $"a publication has {steps} steps");
                return;
            }
        }
    });

    [Theory]
    [InlineData(Before.Nothing)]
    [InlineData(Before.Orphans)]
    [InlineData(Before.Record)]
    public Task Collection_that_dies_after_any_step_leaves_published_versions_whole(Before before) => Detached(() =>
    {
        for (var steps = 0; ; steps++)
        {
            var site = new Site(before);
            var (store, process) = site.Collect(site.Shared());
            var hasDied = Interleavings.Run(store, process, steps);
            site.PublishAndCheck();
            if (!hasDied)
            {
                return;
            }
        }
    });

    /// <summary>Without the tests' own context, in which continuations would wait for their turn.</summary>
    private static Task Detached(Action test) => Task.Run(test, TestContext.Current.CancellationToken);

    private static T Now<T>(Task<T> task)
    {
        Assert.True(task.IsCompleted, "nothing in this test takes time");
        return task.GetAwaiter().GetResult();
    }

    /// <summary>A model with version 0, and something that nobody refers to.</summary>
    private sealed class Site
    {
        private readonly MemoryBlobStore _store = new();
        private readonly HashSet<BlobName> _others = [];
        private readonly ContentHash _decoy;

        public Site(Before before)
        {
            var content = new ContentStore(_store);
            Publish(_store, 1, "first").GetAwaiter().GetResult();
            _decoy = Now(content.Put("decoy"u8.ToArray()).AsTask());
            // Version 0, and with it the task that both versions have, is referred to all the time.
            _others.UnionWith(Names().Where(name => name != StoredModel.Name));
            if (before != Before.Nothing)
            {
                Now(StoredVersions.Draft(content, "m", New));
            }

            if (before == Before.Record)
            {
                var (stepped, process) = Publish(Shared());
                while (Now(new VersionStore(_store).Read(new(ModelName.Parse("m"), 1))) is null)
                {
                    stepped.Step();
                }

                Assert.False(process.IsCompleted);
            }
        }

        public SteppedStore Shared() => new(_store, name => !_others.Contains(name));

        public (SteppedStore Store, Task Process) Publish(SteppedStore store) => (store, Publish(store, New, "second"));

        public (SteppedStore Store, Task Process) Collect(SteppedStore store) => (store, Collect((IBlobStore)store));

        public void CollectNow() => Now(Collect((IBlobStore)_store));

        /// <summary>As a round does: publishes until it succeeds; then everything must be there, before and after another collection.</summary>
        public void PublishAndCheck()
        {
            Now(Publish(_store, New, "second"));
            RequireWhole();
            CollectNow();
            RequireWhole();
            Assert.Null(Now(new ContentStore(_store).GetLength(_decoy).AsTask()));
        }

        private static async Task<VersionRecord> Publish(IBlobStore store, float weight, string job)
        {
            var content = new ContentStore(store);
            var draft = await StoredVersions.Draft(content, "m", weight, job, round: 1);
            var state = new StoredModel(store);
            await state.ReadStateAsync();
            var publisher = new VersionPublisher(new(store), new(content, new(content)), FaultSwitch.Disarmed);
            return await publisher.Publish(ModelName.Parse("m"), new DurableState<ModelState>(state), draft);
        }

        private static Task<CollectionReport> Collect(IBlobStore store) => new ContentCollector(
            store, new(store), new(store), new StoredHolders(store)).Collect(TimeSpan.Zero, ImmutableHashSet<ModelVersionId>.Empty, false, default);

        private void RequireWhole()
        {
            var content = new ContentStore(_store);
            Assert.Equal(2, Now(new StoredHolders(_store).GetVersions(ModelName.Parse("m"), default)).Count);
            foreach (var number in new[] { 0, 1 })
            {
                var record = Now(new VersionStore(_store).Read(new(ModelName.Parse("m"), number)))!;
                foreach (var hash in Now(StoredVersions.ContentOf(content, record)))
                {
                    Assert.NotNull(Now(content.GetLength(hash).AsTask()));
                }
            }
        }

        private IEnumerable<BlobName> Names() => new[] { "content", "models", "grainstate" }.SelectMany(
            container => _store.List(container).ToBlockingEnumerable().Select(entry => entry.Name));
    }
}
