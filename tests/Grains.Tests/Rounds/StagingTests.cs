using System.Collections.Immutable;
using System.Runtime.InteropServices;
using OrleansEdge.Contracts.Content;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Rounds;
using OrleansEdge.Grains.Rounds;
using OrleansEdge.Grains.Storage.Content;
using OrleansEdge.Grains.Storage.Folder;
using OrleansEdge.Grains.Strategies;
using OrleansEdge.Grains.Tests.Storage;
using OrleansEdge.Grains.Tests.Strategies;

namespace OrleansEdge.Grains.Tests.Rounds;

public sealed class StagingTests : IDisposable
{
    private const int Width = 150_000;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_update_is_staged_when_all_chunks_have_come_in_any_order_and_repeatedly()
    {
        using var area = new StagingArea(long.MaxValue, _folder["spill"]);
        var bytes = Bytes(Blocks.Realistic(1, Width, 1)[0]);
        using var update = new StagedUpdate(Header(bytes), area.Allocate(bytes.Length));
        Assert.Equal([0, 1 << 18, 2 << 18], update.Missing);
        Assert.Null(update.Append(2 << 18, new Chunk(bytes.AsMemory(2 << 18))));
        Assert.Null(update.Append(0, new Chunk(bytes.AsMemory(0, 1 << 18))));
        Assert.Null(update.Append(0, new Chunk(bytes.AsMemory(0, 1 << 18))));
        Assert.False(update.IsStaged);
        Assert.Equal([1 << 18], update.Missing);
        Assert.Null(update.Append(1 << 18, new Chunk(bytes.AsMemory(1 << 18, 1 << 18))));
        Assert.True(update.IsStaged);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_held_update_stays_readable_after_its_end(bool spilled)
    {
        using var area = new StagingArea(spilled ? 0 : long.MaxValue, _folder["spill"]);
        var values = Blocks.Realistic(1, 100, 1)[0];
        var update = Staged(area, values);
        update.Hold();
        update.Dispose();
        using var other = Staged(area, new float[100]);
        Assert.Equal(values, update.Values.Read(0, 100, new float[100]).ToArray());
        update.Unhold();
        Assert.Throws<ObjectDisposedException>(() => update.Values.Read(0, 1, new float[1]));
    }

    [Fact]
    public void One_participant_stages_no_more_than_its_share_and_gets_it_back()
    {
        using var area = new StagingArea(1000, _folder["spill"], share: 2000);
        var flooder = ParticipantId.Parse("flooder");
        var taken = new List<IDisposable> { area.Allocate(1000, flooder)!, area.Allocate(1000, flooder)! };
        Assert.Null(area.Allocate(4, flooder));
        taken.Add(area.Allocate(1000, ParticipantId.Parse("other"))!);
        Assert.Equal((1000, 2000, 2), (area.MemoryUsed, area.Spilled, area.Owners));

        taken[0].Dispose();
        taken[0].Dispose();
        taken.Add(area.Allocate(1000, flooder)!);
        Assert.Null(area.Allocate(4, flooder));
        taken.ForEach(vector => vector.Dispose());
        Assert.Equal((0, 0, 0), (area.MemoryUsed, area.Spilled, area.Owners));
    }

    [Fact]
    public void Memory_is_accounted_and_what_exceeds_it_is_spilled_without_leaving_files()
    {
        using var area = new StagingArea(2 * Width * sizeof(float), _folder["spill"]);
        var updates = Blocks.Realistic(4, Width, 1).Select(values => Staged(area, values)).ToArray();
        Assert.Equal(2 * Width * sizeof(float), area.MemoryUsed);
        Assert.Empty(Directory.EnumerateFiles(_folder["spill"]));
        foreach (var update in updates)
        {
            update.Dispose();
            update.Dispose();
        }

        Assert.Equal(0, area.MemoryUsed);
    }

    [Fact]
    public async Task A_fold_is_the_same_in_memory_spilled_and_in_ten_orders()
    {
        using var store = FolderBlobStore.Open(_folder["store"]);
        var content = new ContentStore(store);
        using var memory = new StagingArea(long.MaxValue, _folder["spill"]);
        using var disk = new StagingArea(0, _folder["spill2"]);
        var updates = Blocks.AnyFinite(7, 20_000, 3).Concat(Blocks.Realistic(6, 20_000, 3)).ToArray();
        long[] weights = [.. Enumerable.Range(1, updates.Length).Select(weight => (long)weight * 1000 + 7)];
        var hashes = new HashSet<ContentHash?>();
        var random = new Random(5);
        for (var order = 0; order < 10; order++)
        {
            var indices = Enumerable.Range(0, updates.Length).ToArray();
            random.Shuffle(indices);
            var area = order % 2 == 0 ? memory : disk;
            var staged = indices.Select(index => Staged(area, updates[index].Select(Tame).ToArray())).ToArray();
            hashes.Add(await ShardStore.WriteNext(
                content, new FedAvg(), [.. staged.Select(update => update.Values)], [.. indices.Select(index => weights[index])], null, 20_000));
            Array.ForEach(staged, update => update.Dispose());
        }

        Assert.NotNull(Assert.Single(hashes));

        static float Tame(float value) => Math.Abs(value) < 1e30f ? value : MathF.CopySign(1e30f, value);
    }

    [Fact]
    public async Task A_result_that_is_not_finite_is_not_stored()
    {
        using var store = FolderBlobStore.Open(_folder["store"]);
        var content = new ContentStore(store);
        using var area = new StagingArea(long.MaxValue, _folder["spill"]);
        var origin = await content.Put(Bytes([float.MaxValue, 0]), TestContext.Current.CancellationToken);
        using var update = Staged(area, [float.MaxValue, 0]);
        Assert.Null(await ShardStore.WriteNext(content, new FedAvg(), [update.Values], [1], origin, 2));
    }

    [Fact]
    public void Distances_are_the_same_in_memory_and_spilled()
    {
        using var memory = new StagingArea(long.MaxValue, _folder["spill"]);
        using var disk = new StagingArea(0, _folder["spill2"]);
        var updates = Blocks.Realistic(5, 40_000, 3);
        Assert.Equal(Measure(memory), Measure(disk));
        Assert.Equal(Blocks.Distances(updates).Sums.ToArray(), Measure(disk));

        double[] Measure(StagingArea area)
        {
            var staged = updates.Select(values => Staged(area, values)).ToArray();
            var sums = ShardFold.Measure([.. staged.Select(update => update.Values)], 40_000).Sums.ToArray();
            Array.ForEach(staged, update => update.Dispose());
            return sums;
        }
    }

    private static StagedUpdate Staged(StagingArea area, float[] values)
    {
        var bytes = Bytes(values);
        var update = new StagedUpdate(Header(bytes), area.Allocate(bytes.Length));
        for (var offset = 0; offset < bytes.Length; offset += Chunk.PreferredLength)
        {
            Assert.Null(update.Append(offset, new Chunk(bytes.AsMemory(offset, StagedUpdate.ChunkLength(bytes.Length, offset)))));
        }

        Assert.True(update.IsStaged);
        return update;
    }

    private static UploadHeader Header(byte[] bytes) => new(ParticipantId.Parse("p0"), bytes.Length, UpdateDigest.Of(bytes));

    private static byte[] Bytes(float[] values) => MemoryMarshal.AsBytes(values.AsSpan()).ToArray();
}
