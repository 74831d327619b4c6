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
                var kind = random.Next(5);
                if (kind == 0)
                {
                    Assert.Equal(exists, await Store.Delete(name, condition, Cancellation));
                    Assert.True(allowed || !exists);
                    model.Remove(name);
                }
                else if (kind == 1)
                {
                    var etag = await Store.Touch(name, condition, Cancellation);
                    Assert.Equal(exists, etag is not null);
                    Assert.True(allowed || !exists);
                    if (etag is not null)
                    {
                        Assert.DoesNotContain(etag, tags);
                        tags.Add(etag);
                        model[name] = (current.Content, etag);
                    }
                }
                else
                {
                    var content = Bytes(step, random.Next(20));
                    var etag = random.Next(2) == 0
                        ? await Store.Write(name, content, condition, Cancellation)
                        : await Store.Write(name, (writer, cancellation) => writer.Append(content, cancellation), condition, Cancellation);
                    Assert.True(allowed);
                    Assert.DoesNotContain(etag, tags);
                    tags.Add(etag);
                    model[name] = (content, etag);
                }
            }
            catch (BlobConflictException)
            {
                Assert.False(allowed);
            }

            await RequireSame(model);
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
