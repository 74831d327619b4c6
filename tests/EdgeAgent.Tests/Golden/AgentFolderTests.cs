using Microsoft.Extensions.Logging.Abstractions;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Contracts.Rounds;
using OrleansEdge.Participation.Updates;

namespace OrleansEdge.EdgeAgent.Tests.Golden;

/// <summary>A device's folder of an earlier release, an update in its outbox, is a newer agent's too. The files never change.</summary>
public sealed class AgentFolderTests : IDisposable
{
    private const string Name = "folder";
    private readonly string _folder = Directory.CreateTempSubdirectory("orleansedge-golden-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Key_and_outbox_of_an_earlier_release_are_read_as_they_were_meant()
    {
        GoldenFolder.Copy(Name, _folder, Write);
        using var folder = ParticipantFolder.Open(_folder);
        var outbox = new Outbox(folder.Outbox, NullLogger.Instance);

        Assert.Equal(File.ReadAllText(Path.Combine(GoldenFolder.PathOf(Name), "instance.key")), folder.InstanceKey);
        Assert.Equal([RoundKey.Parse("digits:0"), RoundKey.Parse("digits:3")], outbox.Rounds().Order(Comparer<RoundKey>.Create((left, right) => left.Number - right.Number)));
        RequireSame(Entry(0), outbox.Find(RoundKey.Parse("digits:0"))!);
        RequireSame(Entry(3), outbox.Find(RoundKey.Parse("digits:3"))!);
        using var sent = outbox.CountSent(RoundKey.Parse("digits:3"));
        Assert.Equal(24, sent.Total);
    }

    private static void RequireSame(OutboxEntry expected, OutboxEntry actual)
    {
        Assert.Equal(expected.Values, actual.Values);
        Assert.Equal(expected.Digests, actual.Digests);
        Assert.Equal(expected.Header with { Digests = default, Layout = null }, actual.Header with { Digests = default, Layout = null });
        Assert.Equal(expected.Header.Layout is null, actual.Header.Layout is null);
        Assert.True(expected.Header.Layout?.Matches(actual.Header.Layout!) ?? true);
    }

    private static void Write(string path)
    {
        using var folder = ParticipantFolder.Open(path);
        var outbox = new Outbox(folder.Outbox, NullLogger.Instance);
        outbox.Store(Entry(0));
        outbox.Store(Entry(3));
        using (var sent = outbox.CountSent(RoundKey.Parse("digits:3")))
        {
            sent.Add(24);
        }

        folder.Dispose();
        File.Delete(Path.Combine(path, "agent.lock"));
    }

    /// <summary>Five weights and one integer buffer; the first round's update says what they are.</summary>
    private static OutboxEntry Entry(int round)
    {
        byte[] values = [.. Enumerable.Range(0, 28).Select(index => (byte)((index * 7) + round))];
        return new(new(
            "digits", round, round == 0 ? null : ContentHash.Of([1]).Hex, Examples: 600, LossSum: 123.25, TrainingSeconds: 1.5, WeightBytes: 20, IntegerBytes: 8,
            OutboxEntry.DigestsOf(values.AsSpan(0, 20)),
            round == 0 ? new([new("weights", TensorType.Float32, [5]), new("batches", TensorType.Int64, [])]) : null), values);
    }
}
