using OrleansEdge.Grains.Storage;

namespace OrleansEdge.Grains.Tests.Storage;

/// <content>Generated sequences of operations, compared with a dictionary after each.</content>
public abstract partial class BlobStoreConformanceTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Generated_operations_agree_with_a_model(int seed)
    {
        var random = new Random(seed);
        BlobName[] names = [.. new[] { "a", "a/b", "c.json" }.Select(path => BlobName.Create(Container, path))];
        var model = new Dictionary<BlobName, (byte[] Content, string ETag)>();
        var tags = new List<string> { "never" };
        for (var step = 0; step < 150; step++)
        {
            var name = names[random.Next(names.Length)];
            var condition = random.Next(4) switch
            {
                0 => default,
                1 => BlobCondition.IfAbsent,
                2 when model.TryGetValue(name, out var known) => BlobCondition.IfMatch(known.ETag),
                _ => BlobCondition.IfMatch(tags[random.Next(tags.Count)]),
            };
            var exists = model.TryGetValue(name, out var current);
            var allowed = condition.IsMetBy(exists ? current.ETag : null);
            try
            {
                var next = await Change(random, step, name, condition, exists ? current.Content : null);
                Assert.True(allowed || (!exists && next is null));
                model.Remove(name);
                if (next is { } written)
                {
                    Assert.DoesNotContain(written.ETag, tags);
                    tags.Add(written.ETag);
                    model[name] = written;
                }
            }
            catch (BlobConflictException)
            {
                Assert.False(allowed);
            }

            await RequireSame(model);
        }
    }

    /// <summary>Does one thing; returns what the blob is then, or null for none.</summary>
    private async Task<(byte[] Content, string ETag)?> Change(Random random, int step, BlobName name, BlobCondition condition, byte[]? current)
    {
        switch (random.Next(5))
        {
            case 0:
                Assert.Equal(current is not null, await Store.Delete(name, condition, Cancellation));
                return null;
            case 1:
                var touched = await Store.Touch(name, condition, Cancellation);
                Assert.Equal(current is not null, touched is not null);
                return current is null ? null : (current, touched!);
            case 2:
                var streamed = Bytes(step, random.Next(20));
                return (streamed, await Store.Write(name, (writer, cancellation) => writer.Append(streamed, cancellation), condition, Cancellation));
            default:
                var content = Bytes(step, random.Next(20));
                return (content, await Store.Write(name, content, condition, Cancellation));
        }
    }

    private async Task RequireSame(Dictionary<BlobName, (byte[] Content, string ETag)> model)
    {
        Assert.Equal(model.Keys.Select(name => name.Path).Order(StringComparer.Ordinal), await Paths(""));
        foreach (var (name, expected) in model)
        {
            var read = await Store.Read(name, Cancellation);
            Assert.Equal(expected.ETag, read!.ETag);
            Assert.Equal(expected.Content, read.Bytes.ToArray());
        }
    }
}
