using System.Runtime.InteropServices;
using OrleansEdge.Contracts.Content;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Rounds;
using OrleansEdge.Grains.Rounds;

namespace OrleansEdge.Grains.Tests.Rounds;

public sealed class StagedUpdateTests : IDisposable
{
    private const int Width = (2 * Chunk.PreferredLength / sizeof(float)) + 1001;

    private readonly string _folder = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N"));

    public void Dispose()
    {
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(0)]
    public void Update_in_memory_or_spilled_is_read_as_it_was_sent_in_any_order(long memory)
    {
        using var area = new StagingArea(memory, _folder);
        var values = Values();
        using var update = Stage(area, values, Digest(values));

        Assert.True(update.IsStaged);
        var buffer = new float[Width];
        Assert.Equal(values, update.Values.Read(0, Width, buffer).ToArray());
        const int Boundary = Chunk.PreferredLength / sizeof(float);
        Assert.Equal(values[(Boundary - 3)..(Boundary + 5)], update.Values.Read(Boundary - 3, 8, buffer).ToArray());
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.NegativeInfinity)]
    public void Update_with_a_value_that_is_not_finite_is_refused(float value)
    {
        using var area = new StagingArea(long.MaxValue, _folder);
        var values = Values();
        values[Width - 1] = value;

        using var update = Stage(area, values, Digest(values));

        Assert.False(update.IsStaged);
    }

    [Fact]
    public void Update_with_another_digest_is_refused()
    {
        using var area = new StagingArea(long.MaxValue, _folder);

        using var update = Stage(area, Values(), new UpdateDigest(1));

        Assert.False(update.IsStaged);
    }

    [Fact]
    public void Update_disposed_of_while_it_is_read_is_freed_afterwards()
    {
        using var area = new StagingArea(long.MaxValue, _folder);
        var values = Values();
        var update = Stage(area, values, Digest(values));

        update.Hold();
        update.Dispose();
        Assert.Equal(values[..10], update.Values.Read(0, 10, new float[10]).ToArray());
        Assert.Equal(Width * sizeof(float), area.MemoryUsed);

        update.Unhold();
        Assert.Equal(0, area.MemoryUsed);
    }

    private static UpdateDigest Digest(float[] values) => UpdateDigest.Of(MemoryMarshal.AsBytes(values.AsSpan()));

    private static float[] Values()
    {
        var random = new Random(5);
        return [.. Enumerable.Range(0, Width).Select(_ => random.NextSingle() - 0.5f)];
    }

    private static StagedUpdate Stage(StagingArea area, float[] values, UpdateDigest digest)
    {
        var bytes = MemoryMarshal.AsBytes(values.AsSpan()).ToArray();
        var update = new StagedUpdate(new UploadHeader(ParticipantId.Parse("device"), bytes.Length, digest), area.Allocate(bytes.Length));
        for (var index = StagedUpdate.ChunkCount(bytes.Length) - 1; index >= 0; index--)
        {
            var offset = index * Chunk.PreferredLength;
            update.Append(offset, new Chunk(bytes.AsMemory(offset, StagedUpdate.ChunkLength(bytes.Length, offset))));
        }

        return update;
    }
}
