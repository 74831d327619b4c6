using System.Collections.Immutable;
using System.Security.Cryptography;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Security;
using OrleansEdge.Contracts.Security.Enrolment;
using OrleansEdge.Grains.Enrolment;
using OrleansEdge.Grains.Storage;
using OrleansEdge.Grains.Tests.Retention;

namespace OrleansEdge.Grains.Tests.Enrolment;

/// <summary>How much the records of enrolment may hold: all that a large site has, and never what could not be read again.</summary>
public sealed class EnrolmentRecordsTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, 123, TimeSpan.Zero);
    private readonly EnrolmentRecords _records = new(new MemoryBlobStore());

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _records.Dispose();

    [Fact]
    public async Task A_hundred_thousand_devices_can_be_shut_out()
    {
        const int devices = 100_000;
        await _records.ChangeRevocations(_ => [.. Enumerable.Range(0, devices).Select(index => Revoked($"harbour/crane-in-the-north-{index}"))], Stop);

        Assert.Equal(devices, (await _records.ReadRevocations(Stop)).Count);
    }

    [Fact]
    public async Task A_list_that_could_not_be_read_again_is_not_written_and_the_last_one_stays()
    {
        await _records.ChangeRevocations(_ => [Revoked("dev7")], Stop);
        var longest = string.Join('/', Enumerable.Repeat(new string('a', 63), 4));
        var tooMany = Enumerable.Repeat(Revoked(longest), 150_000).ToList();

        var refused = await Assert.ThrowsAsync<BlobStoreException>(() => _records.ChangeRevocations(_ => tooMany, Stop));

        Assert.Contains("a revoked key leaves the list when its last certificate expires", refused.Message, StringComparison.Ordinal);
        Assert.Single(await _records.ReadRevocations(Stop));
    }

    [Fact]
    public async Task An_invitation_can_be_used_by_the_most_devices_with_the_longest_names()
    {
        var longest = ParticipantId.Parse(string.Join('/', Enumerable.Repeat(new string('a', 63), 4)));
        var key = KeyFingerprint.Parse(Random());
        var id = new string('a', 32);
        await _records.ChangeInvitation(
            id,
            _ => new()
            {
                Id = id,
                SecretHash = Random(),
                CreatedAt = Now,
                Expires = Now,
                Count = InvitationCode.MostDevices,
                Uses = [.. Enumerable.Repeat(new InvitationUse(longest, key, key), InvitationCode.MostDevices)],
            },
            Stop);

        Assert.Equal(InvitationCode.MostDevices, (await _records.FindInvitation(id, Stop))!.Uses.Length);
    }

    /// <summary>As the list holds it of a device that was shut out just after it had renewed its certificate.</summary>
    private static Revocation Revoked(string participant) => new(
        ParticipantId.Parse(participant), KeyFingerprint.Parse(Random()), ImmutableArray.Create(Thumbprint.Parse(Random()), Thumbprint.Parse(Random())), Now, Now.AddDays(30), false);

    private static string Random() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
}
