using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Grains.Audit;
using OrleansEdge.Grains.Tests.Retention;

namespace OrleansEdge.Grains.Tests.Audit;

public sealed class AuditLogTests : IDisposable
{
    private readonly MemoryBlobStore _blobs = new();
    private readonly AuditStore _store;
    private readonly AuditLog _log;

    public AuditLogTests()
    {
        _store = new(_blobs);
        _log = new(_store, new NoAuditAnchor(), new FakeTimeProvider(), NullLogger<AuditLog>.Instance);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _log.Dispose();

    [Fact]
    public async Task What_strangers_write_is_short_and_stays_on_its_line()
    {
        var hostile = $"\r\u001b[2J{new string('x', 50_000)}";
        _log.Denied(new(hostile, hostile, AuditOutcome.Denied, hostile, hostile, hostile));
        await _log.Record(new(hostile, hostile, AuditOutcome.Done, hostile, hostile, hostile));
        await _log.StopAsync(Stop);

        var records = await _store.ReadLast(10, Stop);
        Assert.Equal([AuditOutcome.Denied, AuditOutcome.Done], records.Select(record => record.Entry.Outcome));
        Assert.All(
            records.SelectMany(record => new[] { record.Entry.Who, record.Entry.What, record.Entry.Subject!, record.Entry.From!, record.Entry.Detail! }),
            text =>
            {
                Assert.InRange(text.Length, 300, 501);
                Assert.All(text, character => Assert.True(character == '\uFFFD' || PrintableText.IsPrintable(character)));
            });
    }

    [Fact]
    public async Task What_comes_at_once_is_cut_in_blocks_that_can_be_read_again()
    {
        const int records = 3 * AuditStore.MostRecords;
        var text = new string('\u5927', 50_000);
        using var isBegun = new ManualResetEventSlim();
        using var mayEnd = new ManualResetEventSlim();
        _blobs.Fails = _ =>
        {
            isBegun.Set();
            mayEnd.Wait(Stop);
            return false;
        };
        var first = Task.Run(Record, Stop);
        isBegun.Wait(Stop);
        var others = Enumerable.Range(0, records).Select(_ => Record()).ToList();
        mayEnd.Set();
        await Task.WhenAll(others.Append(first));

        var examination = await new AuditStore(_blobs).Examine([], Stop);
        Assert.Empty(examination.Faults);
        Assert.Equal((records + 1, 4), (examination.Records, examination.Head.Sequence));

        Task Record() => _log.Record(new(text, text, AuditOutcome.Done, text, text, text));
    }

    [Fact]
    public async Task A_block_of_the_most_records_of_the_longest_texts_can_be_read_again()
    {
        var text = new string('\u5927', 501);
        var records = Enumerable.Repeat(new AuditRecord(DateTimeOffset.MaxValue, new(text, text, AuditOutcome.Done, text, text, text), long.MaxValue), AuditStore.MostRecords + DenialTally.Kept);
        await _store.Append([.. records], Stop);

        Assert.Single(await _store.ReadLast(1, Stop));
    }

    [Fact]
    public async Task What_is_short_and_prints_is_as_it_was()
    {
        var entry = new AuditEntry("ada", "POST /api/jobs", AuditOutcome.Done, Detail: "größer – 大きい");
        await _log.Record(entry);

        Assert.Equal(entry, Assert.Single(await _store.ReadLast(10, Stop)).Entry);
    }
}
