using System.Runtime.CompilerServices;
using System.Text.Json;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Grains.Storage;
using OrleansEdge.Grains.Storage.Json;

namespace OrleansEdge.Grains.Enrolment;

/// <summary>
/// What a site keeps of enrolment, in its store: a blob for each device and for each invitation, and one with the keys that must not be used any
/// more. All silos of the site write them, each on the condition that nobody has written since it read.
/// </summary>
internal sealed class EnrolmentRecords(IBlobStore blobs) : IDisposable
{
    private const string Container = "enrolment";
    private const string DevicePrefix = "devices/";
    private const string InvitationPrefix = "invitations/";
    private const int MostAttempts = 20;

    /// <summary>The largest record of a device or an invitation, in bytes: 1 MiB, for an invitation that a thousand devices have used.</summary>
    private const long LargestRecord = 1 << 20;

    /// <summary>The largest list of revoked keys, in bytes: 64 MiB, for a hundred thousand devices.</summary>
    private const long LargestList = 64 << 20;

    private static readonly BlobName Revocations = BlobName.Create(Container, "revocations.json");

    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>A device; null if it never enrolled.</summary>
    public Task<Enrolment?> FindDevice(ParticipantId participant, CancellationToken cancellation) => Read<Enrolment>(DeviceName(participant), cancellation);

    /// <summary>An invitation; null if there is none.</summary>
    public Task<Invitation?> FindInvitation(string id, CancellationToken cancellation) => Read<Invitation>(InvitationName(id), cancellation);

    /// <summary>The revoked keys.</summary>
    public async Task<IReadOnlyList<Revocation>> ReadRevocations(CancellationToken cancellation) => await Read<List<Revocation>>(Revocations, cancellation) ?? [];

    /// <summary>All devices, in the order of their ids.</summary>
    public async IAsyncEnumerable<Enrolment> ListDevices([EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var entry in blobs.List(Container, DevicePrefix, cancellation))
        {
            if (await Read<Enrolment>(entry.Name, cancellation) is { } device)
            {
                yield return device;
            }
        }
    }

    /// <summary>All invitations.</summary>
    public async IAsyncEnumerable<Invitation> ListInvitations([EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var entry in blobs.List(Container, InvitationPrefix, cancellation))
        {
            if (await Read<Invitation>(entry.Name, cancellation) is { } invitation)
            {
                yield return invitation;
            }
        }
    }

    /// <summary>Changes a device; the same object means no change.</summary>
    public Task<Enrolment> ChangeDevice(ParticipantId participant, Func<Enrolment?, Enrolment> change, CancellationToken cancellation) =>
        Change(DeviceName(participant), change, cancellation);

    /// <summary>Changes an invitation; the same object means no change.</summary>
    public Task<Invitation> ChangeInvitation(string id, Func<Invitation?, Invitation> change, CancellationToken cancellation) =>
        Change(InvitationName(id), change, cancellation);

    /// <summary>Changes the revoked keys; the same object means no change.</summary>
    public async Task<IReadOnlyList<Revocation>> ChangeRevocations(
        Func<IReadOnlyList<Revocation>, IReadOnlyList<Revocation>> change, CancellationToken cancellation) =>
        await Change<IReadOnlyList<Revocation>>(Revocations, current => change(current ?? []), cancellation);

    /// <summary>Deletes an invitation.</summary>
    public async Task DeleteInvitation(string id, CancellationToken cancellation) => await blobs.Delete(InvitationName(id), cancellation: cancellation);

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private static BlobName DeviceName(ParticipantId participant) => BlobName.Create(Container, $"{DevicePrefix}{participant}.json");

    private static BlobName InvitationName(string id) => BlobName.Create(Container, $"{InvitationPrefix}{id}.json");

    private static long LimitOf(BlobName name) => name == Revocations ? LargestList : LargestRecord;

    private static string RemedyOf(BlobName name) => name == Revocations
        ? "restore it from a backup; without it, everyone is let in again who was shut out and whose certificate has not expired"
        : "restore it, or delete it and let the device enrol again";

    private async Task<T?> Read<T>(BlobName name, CancellationToken cancellation)
        where T : class => await ReadBlob(name, cancellation) is { } blob ? Parse<T>(name, blob) : null;

    private ValueTask<BlobContent?> ReadBlob(BlobName name, CancellationToken cancellation) => blobs.ReadSmall(name, LimitOf(name), RemedyOf(name), cancellation);

    private T Parse<T>(BlobName name, BlobContent blob)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(blob.Bytes.Span, StateJson.Options) ?? throw new JsonException("It is empty.");
        }
        catch (Exception exception) when (exception is JsonException or FormatException)
        {
            throw new BlobStoreException($"'{blobs.Describe(name)}' is damaged: {RemedyOf(name)}.", exception);
        }
    }

    /// <summary>What could not be read again is not written: all that it holds would be lost.</summary>
    private byte[] Serialise<T>(BlobName name, T value)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(value, StateJson.Options);
        return bytes.Length <= LimitOf(name) ? bytes : throw new BlobStoreException(
            $"'{blobs.Describe(name)}' would have {bytes.Length} bytes and can have {LimitOf(name)} at most, and is left as it is" +
            (name == Revocations ? ": a revoked key leaves the list when its last certificate expires." : "."));
    }

    private async Task<T> Change<T>(BlobName name, Func<T?, T> change, CancellationToken cancellation)
        where T : class
    {
        // In one silo one after the other: a delivery of many devices must not wear itself out in conflicts.
        await _turn.WaitAsync(cancellation);
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                var blob = await ReadBlob(name, cancellation);
                var current = blob is null ? null : Parse<T>(name, blob);
                var next = change(current);
                if (ReferenceEquals(next, current))
                {
                    return next;
                }

                var bytes = Serialise(name, next);
                try
                {
                    await blobs.Write(name, bytes, BlobCondition.Unchanged(blob?.ETag), cancellation);
                    return next;
                }
                catch (BlobConflictException) when (attempt < MostAttempts)
                {
                    // Another silo of the site was first: look again.
                }
            }
        }
        finally
        {
            _turn.Release();
        }
    }
}
