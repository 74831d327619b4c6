using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;
using OrleansEdge.Grains.Storage;

namespace OrleansEdge.Grains.Identity;

/// <summary>
/// The keys of the site's silos. Each silo makes one when it starts, keeps it in memory only, and publishes its public half in the store; who can
/// write there could steer the site anyhow. A key is forgotten a day after its silo was last there.
/// </summary>
internal sealed partial class SiteKeys(IBlobStore blobs, TimeProvider time, ILogger<SiteKeys> logger)
    : BackgroundService, ILifecycleParticipant<ISiloLifecycle>
{
    private const string Container = "identity";
    private const string Folder = "keys/";

    /// <summary>The largest public key, in bytes; one over P-256 has 91.</summary>
    private const long LargestKey = 4 << 10;

    private static readonly TimeSpan RenewPeriod = TimeSpan.FromHours(1);
    private static readonly TimeSpan Forgotten = TimeSpan.FromDays(1);

    /// <summary>However many unknown keys are asked for, the store is asked once in this time.</summary>
    private static readonly TimeSpan ListPause = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, ECDsaSecurityKey> _known = [];
    private readonly SemaphoreSlim _listing = new(1);
    private long? _listedAt;
    private bool _hasWarned;

    /// <summary>This silo's own key.</summary>
    public ECDsaSecurityKey Own { get; } = SigningKey.Create();

    /// <summary>A key of one of the site's silos; null if there is none of this id.</summary>
    public ValueTask<ECDsaSecurityKey?> Find(string id) => id == Own.KeyId
        ? new(Own)
        : _known.TryGetValue(id, out var key) ? new(key) : new(Seek(id));

    /// <summary>Publishes the key before the silo says a word to the others, who would not understand it.</summary>
    void ILifecycleParticipant<ISiloLifecycle>.Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe<SiteKeys>(
        ServiceLifecycleStage.First,
        async cancellation => await blobs.Write(NameOf(Own.KeyId), SigningKey.Export(Own), cancellation: cancellation));

    /// <inheritdoc/>
    public override void Dispose()
    {
        Own.ECDsa.Dispose();
        foreach (var key in _known.Values)
        {
            key.ECDsa.Dispose();
        }

        _listing.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(RenewPeriod, time);
        try
        {
            do
            {
                await Renew(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The silo ends.
        }
    }

    private static BlobName NameOf(string id) => BlobName.Create(Container, Folder + id);

    private async Task Renew(CancellationToken cancellation)
    {
        try
        {
            await blobs.Touch(NameOf(Own.KeyId), cancellation: cancellation);
            var horizon = await blobs.Now(cancellation) - Forgotten;
            await foreach (var entry in blobs.List(Container, Folder, cancellation))
            {
                if (entry.Modified < horizon)
                {
                    await blobs.Delete(entry.Name, BlobCondition.IfMatch(entry.ETag), cancellation);
                    _known.TryRemove(entry.Name.Path[Folder.Length..], out _);
                }
            }
        }
        catch (Exception exception) when (exception is BlobStoreException or BlobConflictException)
        {
            LogNotRenewed(exception.Message);
        }
    }

    private async Task<ECDsaSecurityKey?> Seek(string id)
    {
        var asked = time.GetTimestamp();
        await _listing.WaitAsync();
        try
        {
            // However many wait, one looks for all of them.
            if (_known.TryGetValue(id, out var key) || _listedAt > asked)
            {
                return key;
            }

            if (_listedAt is { } listedAt && time.GetElapsedTime(listedAt) is var age && age < ListPause)
            {
                await Task.Delay(ListPause - age, time);
            }

            var began = time.GetTimestamp();
            await foreach (var entry in blobs.List(Container, Folder))
            {
                var name = entry.Name.Path[Folder.Length..];
                if (entry.Length > LargestKey)
                {
                    // The keys of the other silos must be found beside it.
                    Warn(entry);
                }
                else if (!_known.ContainsKey(name) && await blobs.Read(entry.Name) is { } blob && SigningKey.Import(name, blob.Bytes.Span) is { } found)
                {
                    _known[name] = found;
                }
            }

            _listedAt = began;
            return _known.GetValueOrDefault(id);
        }
        catch (BlobStoreException exception)
        {
            LogNotFound(exception.Message);
            return null;
        }
        finally
        {
            _listing.Release();
        }
    }

    private void Warn(BlobEntry entry)
    {
        if (!_hasWarned)
        {
            _hasWarned = true;
            LogTooLarge(blobs.Describe(entry.Name), entry.Length, LargestKey);
        }
    }

    [LoggerMessage(LogLevel.Warning, "'{Place}' has {Length} bytes and can have {Limit} at most, so it is no key of a silo, and is passed over: delete it")]
    private partial void LogTooLarge(string place, long length, long limit);

    [LoggerMessage(LogLevel.Warning, "The keys of this site's tokens could not be looked after, and are tried again in an hour: {Reason}")]
    private partial void LogNotRenewed(string reason);

    [LoggerMessage(LogLevel.Warning, "The key of a token could not be looked up: {Reason}")]
    private partial void LogNotFound(string reason);
}
