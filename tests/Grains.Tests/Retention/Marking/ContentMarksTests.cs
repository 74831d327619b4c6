using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Grains.Models;
using OrleansEdge.Grains.Retention.Marking;

namespace OrleansEdge.Grains.Tests.Retention.Marking;

public sealed class ContentMarksTests
{
    [Fact]
    public void Orphan_is_what_neither_a_record_nor_a_manifest_nor_a_job_names()
    {
        var layout = new ModelLayout([new("w", TensorType.Float32, [2])]);
        var manifest = ModelManifest.OfWeights(layout, new ShardPlan(2, 1), [Hash(1), Hash(2)], default);
        var marks = new ContentMarks();
        marks.Mark(VersionContent.NamedBy(manifest));
        marks.Mark(VersionContent.NamedBy(new VersionRecord
        {
            Id = ModelVersionId.Parse("m@0"),
            Manifest = Hash(3),
            Source = new("net.pt", Hash(4)),
            Task = Hash(5),
        }));
        marks.Mark([Hash(6)]);

        var orphans = marks.Orphans(Enumerable.Range(1, 8).Select(number => new ListedContent(Hash(number), number, "tag", number % 2 == 0)));

        Assert.Equal([new(Hash(7), 7, "tag", false), new(Hash(8), 8, "tag", true)], orphans);
    }

    private static ContentHash Hash(int number) => ContentHash.Of([(byte)number]);
}
