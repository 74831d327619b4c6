using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using OrleansEdge.Contracts.Rounds;
using OrleansEdge.Participation.Updates;

namespace OrleansEdge.EdgeAgent.Tests.Updates;

public sealed class OutboxTests : IDisposable
{
    private static readonly RoundKey Round = RoundKey.Parse("digits:3");

    private readonly string _folder = Directory.CreateTempSubdirectory("orleansedge-outbox-").FullName;
    private readonly ListLogger _log = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void An_update_is_found_again_by_another_process()
    {
        new Outbox(_folder, _log).Store(Entry());
        var outbox = new Outbox(_folder, _log);
        Assert.Equal([Round], outbox.Rounds());
        var found = outbox.Find(Round)!;
        Assert.Equal(Entry().Values, found.Values);
        Assert.Equal(Entry().Digests, found.Digests);
        Assert.Equal(5, found.Header.Examples);
        Assert.Equal(8, found.Integers.Length);
        outbox.Remove(Round);
        outbox.Remove(Round);
        Assert.Empty(outbox.Rounds());
        Assert.Null(outbox.Find(Round));
    }

    [Theory]
    [InlineData("harbour", "harbour", false, true)]
    [InlineData("harbour", "quarry", true, false)]
    [InlineData(null, "harbour", true, true)]
    [InlineData(null, "quarry", false, false)]
    public void An_update_for_another_site_is_thrown_away(string? owner, string site, bool isFirst, bool isKept)
    {
        var entry = Entry();
        var outbox = new Outbox(_folder, _log);
        outbox.Store(entry with { Header = entry.Header with { Site = owner } });

        outbox.KeepOnly(site, isFirst);

        Assert.Equal(isKept, outbox.Find(Round) is not null);
        Assert.Equal(isKept ? 0 : 1, _log.Lines.Count);
    }

    [Fact]
    public void Sent_bytes_are_counted_on_by_another_process_and_for_the_same_update_made_again()
    {
        var outbox = new Outbox(_folder, _log);
        outbox.Store(Entry());
        using (var sent = outbox.CountSent(Round))
        {
            sent.Add(24);
            sent.Add(16);
            sent.Add(-8);
        }

        outbox.Store(Entry());
        var next = new Outbox(_folder, _log);
        using (var sent = next.CountSent(Round))
        {
            Assert.Equal(32, sent.Total);
            sent.Add(1);
        }

        using (var sent = next.CountSent(Round))
        {
            Assert.Equal(33, sent.Total);
        }

        Assert.Equal(Entry().Values, next.Find(Round)!.Values);
    }

    [Fact]
    public void Sent_bytes_of_another_update_of_the_round_begin_at_nothing()
    {
        var outbox = new Outbox(_folder, _log);
        outbox.Store(Entry());
        using (var sent = outbox.CountSent(Round))
        {
            sent.Add(24);
        }

        outbox.Store(Entry() with { Header = Entry().Header with { Examples = 6 } });
        using var anew = outbox.CountSent(Round);
        Assert.Equal(0, anew.Total);
    }

    [Fact]
    public void Sent_bytes_of_an_update_that_is_thrown_away_meanwhile_are_counted_all_the_same()
    {
        var outbox = new Outbox(_folder, _log);
        outbox.Store(Entry());
        using var sent = outbox.CountSent(Round);
        outbox.Remove(Round);
        sent.Add(24);
        using var late = outbox.CountSent(Round);
        late.Add(8);
        Assert.Equal((24, 8), (sent.Total, late.Total));
        Assert.Empty(Directory.EnumerateFiles(_folder));
    }

    [Fact]
    public void What_a_killed_process_left_half_written_is_deleted_and_not_reported()
    {
        File.WriteAllText(Path.Combine(_folder, "digits.4.update.new"), "half");
        Assert.Empty(new Outbox(_folder, _log).Rounds());
        Assert.Empty(Directory.EnumerateFiles(_folder));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(20)]
    [InlineData(-8)]
    public void A_truncated_file_is_thrown_away(int length)
    {
        var outbox = new Outbox(_folder, _log);
        outbox.Store(Entry());
        var file = Assert.Single(Directory.GetFiles(_folder));
        using (var stream = File.OpenWrite(file))
        {
            stream.SetLength(length < 0 ? stream.Length + length : length);
        }

        Assert.Null(outbox.Find(Round));
        Assert.Empty(Directory.EnumerateFiles(_folder));
        Assert.Contains("damaged and thrown away", Assert.Single(_log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_damaged_byte_of_the_weights_is_noticed_and_no_damage_elsewhere_is_an_exception()
    {
        var outbox = new Outbox(_folder, _log);
        outbox.Store(Entry());
        var file = Assert.Single(Directory.GetFiles(_folder));
        var whole = File.ReadAllBytes(file);
        for (var index = 0; index < whole.Length; index++)
        {
            var damaged = (byte[])whole.Clone();
            damaged[index] ^= 0x21;
            File.WriteAllBytes(file, damaged);
            var found = outbox.Find(Round);
            var weights = whole.Length - Entry().Values.Length;
            Assert.False(found is not null && index >= weights && index < weights + 16, $"byte {index} was damaged unnoticed");
        }
    }

    [Fact]
    public void Foreign_files_are_left_alone_and_mentioned_once()
    {
        foreach (var name in new[] { "x.update", "a.b.3.update", "digits.03.update", "Digits.3.update", "notes.txt" })
        {
            File.WriteAllText(Path.Combine(_folder, name), "mine");
        }

        var outbox = new Outbox(_folder, _log);
        Assert.Empty(outbox.Rounds());
        Assert.Empty(outbox.Rounds());
        Assert.Equal(5, Directory.GetFiles(_folder).Length);
        Assert.Equal(4, _log.Lines.Count);
    }

    [Fact]
    public void An_update_under_the_name_of_another_round_is_thrown_away()
    {
        var outbox = new Outbox(_folder, _log);
        outbox.Store(Entry());
        File.Move(Path.Combine(_folder, "digits.3.update"), Path.Combine(_folder, "digits.4.update"));
        Assert.Null(outbox.Find(RoundKey.Parse("digits:4")));
    }

    private static OutboxEntry Entry()
    {
        var values = new byte[24];
        MemoryMarshal.Cast<byte, float>(values.AsSpan(0, 16)).Fill(0.5f);
        values[16] = 9;
        return new(new UpdateHeader("digits", 3, null, 5, 1.5, 0.1, 16, 8, OutboxEntry.DigestsOf(values.AsSpan(0, 16)), null), values);
    }

    private sealed class ListLogger : ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue(formatter(state, exception));
    }
}
