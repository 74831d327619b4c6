using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json;
using OrleansEdge.Contracts.Security;
using OrleansEdge.Grains.Storage;
using OrleansEdge.Grains.Storage.Json;

namespace OrleansEdge.Silo.Identity;

/// <summary>What a site keeps of an operator.</summary>
/// <param name="Name">Who.</param>
/// <param name="Role">What that one may do.</param>
/// <param name="TokenHash">See <see cref="OperatorToken.HashOf"/>; null for one that has a certificate only.</param>
/// <param name="AddedAt">Since when.</param>
/// <param name="RevokedAt">When its certificates were revoked: only those that were issued later are taken; null for never.</param>
internal sealed record OperatorRecord(string Name, OperatorRole Role, string? TokenHash, DateTimeOffset AddedAt, DateTimeOffset? RevokedAt = null)
{
    /// <summary>Whether a certificate of this operator, by the beginning of its validity, is to be taken.</summary>
    public bool Takes(DateTimeOffset notBefore) => RevokedAt is not { } revoked || notBefore + CertificateLifetimes.ClockDifference > revoked;
}

/// <summary>The site's operators. What one silo changes, the others know within <see cref="Freshness"/>.</summary>
internal sealed class OperatorStore(IBlobStore blobs, TimeProvider time)
{
    /// <summary>How long a silo believes what it has read.</summary>
    public static readonly TimeSpan Freshness = TimeSpan.FromSeconds(3);

    private const string Container = "operators";
    private const int Remembered = 1024;

    private readonly ConcurrentDictionary<string, (OperatorRecord? Record, long ReadAt)> _read = [];

    /// <summary>Adds an operator.</summary>
    /// <returns>False if there is one of this name.</returns>
    public async Task<bool> Add(OperatorRecord record, CancellationToken cancellation)
    {
        try
        {
            await blobs.Write(NameOf(record.Name), JsonSerializer.SerializeToUtf8Bytes(record, StateJson.Options), BlobCondition.IfAbsent, cancellation);
            return true;
        }
        catch (BlobConflictException)
        {
            return false;
        }
        finally
        {
            _read.TryRemove(record.Name, out _);
        }
    }

    /// <summary>Revokes the certificates that an operator has now. One without a record is the admin that came with the site, and gets one.</summary>
    /// <returns>False if there is none of this name.</returns>
    public async Task<bool> Revoke(OperatorName name, bool isFirstAdmin, CancellationToken cancellation)
    {
        while (true)
        {
            var blob = await blobs.Read(NameOf(name.Value), cancellation);
            var now = time.GetUtcNow();
            var record = blob is null ? null : await Read(NameOf(name.Value), cancellation);
            if (record is null && (blob is not null || !isFirstAdmin))
            {
                return false;
            }

            record = (record ?? new(name.Value, OperatorRole.Admin, null, now)) with { RevokedAt = now };
            try
            {
                await blobs.Write(NameOf(name.Value), JsonSerializer.SerializeToUtf8Bytes(record, StateJson.Options), BlobCondition.Unchanged(blob?.ETag), cancellation);
                return true;
            }
            catch (BlobConflictException)
            {
                // Somebody else has changed it: look again.
            }
            finally
            {
                _read.TryRemove(name.Value, out _);
            }
        }
    }

    /// <summary>Takes an operator's rights away.</summary>
    /// <returns>False if there is none of this name.</returns>
    public async Task<bool> Remove(OperatorName name, CancellationToken cancellation)
    {
        var wasThere = await blobs.Delete(NameOf(name.Value), cancellation: cancellation);
        _read.TryRemove(name.Value, out _);
        return wasThere;
    }

    /// <summary>All operators, in the order of their names.</summary>
    public async Task<ImmutableArray<OperatorRecord>> List(CancellationToken cancellation)
    {
        var records = ImmutableArray.CreateBuilder<OperatorRecord>();
        await foreach (var entry in blobs.List(Container, cancellation: cancellation))
        {
            if (await Read(entry.Name, cancellation) is { } record)
            {
                records.Add(record);
            }
        }

        return records.ToImmutable();
    }

    /// <summary>An operator; null if there is none of this name.</summary>
    public async ValueTask<OperatorRecord?> Find(OperatorName name, CancellationToken cancellation)
    {
        if (_read.TryGetValue(name.Value, out var known) && time.GetElapsedTime(known.ReadAt) < Freshness)
        {
            return known.Record;
        }

        var readAt = time.GetTimestamp();
        var record = await Read(NameOf(name.Value), cancellation);
        if (_read.Count >= Remembered)
        {
            _read.Clear();
        }

        _read[name.Value] = (record, readAt);
        return record;
    }

    private static BlobName NameOf(string name) => BlobName.Create(Container, $"{name}.json");

    private async Task<OperatorRecord?> Read(BlobName name, CancellationToken cancellation)
    {
        if (await blobs.Read(name, cancellation) is not { } blob)
        {
            return null;
        }

        try
        {
            // A file that was put under another name gives nobody that one's rights.
            return JsonSerializer.Deserialize<OperatorRecord>(blob.Bytes.Span, StateJson.Options) is { Name: not null } record && NameOf(record.Name) == name
                && Enum.IsDefined(record.Role)
                    ? record
                    : null;
        }
        catch (Exception exception) when (exception is JsonException or FormatException)
        {
            return null;
        }
    }
}
