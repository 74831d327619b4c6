using Orleans.Runtime;
using Orleans.Storage;

namespace OrleansEdge.Grains.Tests.Storage;

/// <summary>A state for tests of grain storage.</summary>
public sealed class CounterState
{
    public int Count { get; set; }

    public string? Text { get; set; }
}

/// <summary>What every grain storage does, with deletion on clear and with tombstones. A storage's tests derive from this.</summary>
public abstract class GrainStorageConformanceTests
{
    private const string StateName = "counter";

    private static readonly GrainId Grain = GrainId.Create("job", "digits");

    /// <summary>The storage over an empty store, always the same store in one test.</summary>
    protected abstract IGrainStorage Storage(bool deleteOnClear);

    [Fact]
    public async Task State_never_written_is_new()
    {
        var state = await Read(Storage(true));
        Assert.False(state.RecordExists);
        Assert.Null(state.ETag);
        Assert.Equal(0, state.State!.Count);
    }

    [Theory]
    [InlineData("digits")]
    [InlineData("harbour/dev7")]
    [InlineData("Ключ с пробелом")]
    [InlineData("a+b?c#d%41")]
    [InlineData("00000000-0000-0000-0000-000000000001+extension")]
    public async Task State_is_read_back_for_any_key(string key)
    {
        var grain = GrainId.Create("job", key);
        var written = await Write(Storage(true), grain, new GrainState<CounterState>(new() { Count = 7, Text = "ж\"\\\n" }));
        var read = await Read(Storage(true), grain);
        Assert.True(read.RecordExists);
        Assert.True(written.RecordExists);
        Assert.Equal(written.ETag, read.ETag);
        Assert.Equal(7, read.State!.Count);
        Assert.Equal("ж\"\\\n", read.State!.Text);
    }

    [Theory]
    [InlineData("box`1[[job]]", "a")]
    [InlineData("round", "digits/12")]
    [InlineData("counter", "0000000000000000000000000000002a")]
    public async Task State_is_read_back_for_any_kind_of_grain(string type, string key)
    {
        var grain = GrainId.Create(type, key);
        await Write(Storage(true), grain, new GrainState<CounterState>(new() { Count = 7 }));
        Assert.Equal(7, (await Read(Storage(true), grain)).State!.Count);
    }

    [Fact]
    public async Task States_of_other_names_and_grains_are_independent()
    {
        var storage = Storage(true);
        await Write(storage, Grain, new(new() { Count = 1 }));
        await storage.WriteStateAsync("other", Grain, new GrainState<CounterState>(new() { Count = 2 }));
        await Write(storage, GrainId.Create("job", "digits2"), new(new() { Count = 3 }));
        await Write(storage, GrainId.Create("round", "digits"), new(new() { Count = 4 }));
        Assert.Equal(1, (await Read(storage)).State!.Count);
    }

    [Fact]
    public async Task Each_write_changes_the_tag_even_of_the_same_state()
    {
        var storage = Storage(true);
        var state = await Write(storage, Grain, new(new() { Count = 1 }));
        var first = state.ETag;
        await Write(storage, Grain, state);
        Assert.NotEqual(first, state.ETag);
    }

    [Fact]
    public async Task First_write_of_a_state_that_exists_is_inconsistent()
    {
        await Write(Storage(true), Grain, new(new() { Count = 1 }));
        var late = new GrainState<CounterState>(new() { Count = 2 });
        await Assert.ThrowsAsync<InconsistentStateException>(() => Write(Storage(true), Grain, late));
        Assert.Null(late.ETag);
        Assert.False(late.RecordExists);
        Assert.Equal(1, (await Read(Storage(true))).State!.Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Write_and_clear_with_a_stale_tag_are_inconsistent_and_change_nothing(bool deleteOnClear)
    {
        var storage = Storage(deleteOnClear);
        await Write(storage, Grain, new(new() { Count = 1 }));
        var stale = await Read(storage);
        var staleTag = stale.ETag;
        await Write(storage, Grain, await Read(storage));

        stale.State!.Count = 9;
        var exception = await Assert.ThrowsAsync<InconsistentStateException>(() => Write(storage, Grain, stale));
        Assert.Equal(staleTag, exception.CurrentEtag);
        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.ClearStateAsync(StateName, Grain, stale));
        Assert.Equal(staleTag, stale.ETag);
        Assert.Equal(9, stale.State!.Count);
        Assert.True(stale.RecordExists);
        Assert.Equal(1, (await Read(storage)).State!.Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Cleared_state_is_new_and_can_be_written_again(bool deleteOnClear)
    {
        var storage = Storage(deleteOnClear);
        var state = await Write(storage, Grain, new(new() { Count = 1 }));
        await storage.ClearStateAsync(StateName, Grain, state);
        Assert.False(state.RecordExists);
        Assert.Equal(0, state.State!.Count);
        Assert.Equal(deleteOnClear, state.ETag is null);

        var read = await Read(storage);
        Assert.False(read.RecordExists);
        Assert.Equal(state.ETag, read.ETag);
        read.State!.Count = 5;
        await Write(storage, Grain, read);
        Assert.Equal(5, (await Read(storage)).State!.Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Clear_before_any_write_leaves_a_new_state(bool deleteOnClear)
    {
        var storage = Storage(deleteOnClear);
        var state = new GrainState<CounterState>(new() { Count = 3 });
        await storage.ClearStateAsync(StateName, Grain, state);
        Assert.False(state.RecordExists);
        Assert.Equal(0, state.State!.Count);
        await Write(storage, Grain, state);
    }

    [Fact]
    public async Task Tombstone_guards_against_a_write_that_does_not_know_of_it()
    {
        var storage = Storage(false);
        var state = await Write(storage, Grain, new(new() { Count = 1 }));
        await storage.ClearStateAsync(StateName, Grain, state);
        await Assert.ThrowsAsync<InconsistentStateException>(() => Write(storage, Grain, new(new() { Count = 2 })));
    }

    [Fact]
    public async Task Of_parallel_writers_one_wins()
    {
        var storage = Storage(true);
        await Write(storage, Grain, new(new()));
        var states = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Read(storage)));
        var wins = await Task.WhenAll(states.Select(async (state, index) =>
        {
            state.State!.Count = index + 1;
            try
            {
                await Write(storage, Grain, state);
                return index + 1;
            }
            catch (InconsistentStateException)
            {
                return 0;
            }
        }));
        Assert.Equal(Assert.Single(wins, win => win > 0), (await Read(storage)).State!.Count);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    [InlineData(4, false)]
    public async Task Generated_operations_of_two_activations_agree_with_a_model(int seed, bool deleteOnClear)
    {
        var random = new Random(seed);
        var storage = Storage(deleteOnClear);
        GrainState<CounterState>[] activations = [await Read(storage), await Read(storage)];
        string? tag = null;
        int? stored = null;
        for (var step = 1; step <= 150; step++)
        {
            var activation = activations[random.Next(2)];
            var fresh = activation.ETag == tag;
            var kind = random.Next(4);
            // Deletion of what is not there succeeds whatever the activation knew.
            var allowed = fresh || (kind == 1 && deleteOnClear && tag is null);
            try
            {
                if (kind == 0)
                {
                    await storage.ReadStateAsync(StateName, Grain, activation);
                    Assert.Equal(tag, activation.ETag);
                }
                else if (kind == 1)
                {
                    await storage.ClearStateAsync(StateName, Grain, activation);
                    Assert.True(allowed);
                    (tag, stored) = (activation.ETag, null);
                }
                else
                {
                    activation.State = new() { Count = step };
                    await Write(storage, Grain, activation);
                    Assert.True(allowed);
                    (tag, stored) = (activation.ETag, step);
                }
            }
            catch (InconsistentStateException)
            {
                Assert.False(allowed);
            }

            var read = await Read(storage);
            Assert.Equal(tag, read.ETag);
            Assert.Equal(stored is not null, read.RecordExists);
            Assert.Equal(stored ?? 0, read.State!.Count);
        }
    }

    private static async Task<GrainState<CounterState>> Read(IGrainStorage storage, GrainId? grain = null)
    {
        var state = new GrainState<CounterState>(new() { Count = -1 });
        await storage.ReadStateAsync(StateName, grain ?? Grain, state);
        return state;
    }

    private static async Task<GrainState<CounterState>> Write(IGrainStorage storage, GrainId grain, GrainState<CounterState> state)
    {
        await storage.WriteStateAsync(StateName, grain, state);
        return state;
    }
}
