using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansEdge.Grains.Storage;

namespace OrleansEdge.Grains.Audit;

/// <summary>
/// Writes what is on record: entries that come at the same time go into one block. Each is in the silo's log as well, which is kept elsewhere
/// where logs are collected.
/// </summary>
internal sealed partial class AuditLog(AuditStore store, IAuditAnchor anchor, TimeProvider time, ILogger<AuditLog> logger) : BackgroundService, IAuditLog
{
    private const int LongestText = 500;

    /// <summary>What is denied comes from strangers, as many as like to.</summary>
    private const int LongestDenial = 300;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly ConcurrentQueue<Pending> _queue = [];
    private readonly SemaphoreSlim _gate = new(1);
    private readonly DenialTally _denials = new(time);

    /// <inheritdoc/>
    public async Task Record(AuditEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var pending = new Pending([new(time.GetUtcNow(), entry.Clean(LongestText))]);
        _queue.Enqueue(pending);
        await _gate.WaitAsync();
        try
        {
            // Whoever had the gate before may have written this one, too.
            if (!pending.Written.IsCompleted)
            {
                await Flush();
            }
        }
        finally
        {
            _gate.Release();
        }

        await pending.Written;
    }

    /// <inheritdoc/>
    public void Denied(AuditEntry entry) => _denials.Add(entry.Clean(LongestDenial));

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await WriteDenials(all: true);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _gate.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await WriteDenials(all: false);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The silo ends.
        }
    }

    private async Task WriteDenials(bool all)
    {
        var denials = _denials.Take(all);
        if (denials.IsEmpty)
        {
            return;
        }

        _queue.Enqueue(new(denials));
        await _gate.WaitAsync();
        try
        {
            await Flush();
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task Flush()
    {
        // Who comes while this is written does the same for itself.
        for (var left = _queue.Count; left > 0;)
        {
            var batch = new List<Pending>();
            for (var records = 0; records < AuditStore.MostRecords && left > 0 && _queue.TryDequeue(out var pending); left--)
            {
                batch.Add(pending);
                records += pending.Records.Length;
            }

            await Write(batch);
        }
    }

    private async Task Write(List<Pending> batch)
    {
        var records = batch.SelectMany(pending => pending.Records).ToImmutableArray();
        try
        {
            anchor.Remember(await store.Append(records));
            batch.ForEach(pending => pending.Done());
        }
        catch (Exception exception)
        {
            LogFailed(records.Length, exception.Message);
            batch.ForEach(pending => pending.Fail(exception));
        }

        foreach (var record in records)
        {
            var entry = record.Entry;
            LogRecord(entry.Outcome, entry.Who, entry.What, entry.Subject, entry.From, entry.Detail, record.Count);
        }
    }

    [LoggerMessage(LogLevel.Information, "Audit: {Outcome}: {Who}: {What} {Subject} from {From}: {Detail} ({Count} times)")]
    private partial void LogRecord(AuditOutcome outcome, string who, string what, string? subject, string? from, string? detail, long count);

    [LoggerMessage(LogLevel.Error, "{Count} entries of the audit log could not be written to the store, and are only here: {Reason}")]
    private partial void LogFailed(int count, string reason);

    /// <summary>Records that somebody waits for.</summary>
    private sealed class Pending(ImmutableArray<AuditRecord> records)
    {
        private readonly TaskCompletionSource _written = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ImmutableArray<AuditRecord> Records => records;

        public Task Written => _written.Task;

        public void Done() => _written.SetResult();

        public void Fail(Exception exception)
        {
            _written.SetException(exception is BlobStoreException
                ? exception
                : new BlobStoreException($"The audit log could not be written: {exception.Message}", exception));

            // Nobody waits for denials.
            _ = _written.Task.Exception;
        }
    }
}
