using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Time.Testing;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Security;
using OrleansEdge.Contracts.Security.Files;
using OrleansEdge.Grains.Audit;
using OrleansEdge.Grains.Enrolment;
using OrleansEdge.Grains.Storage;
using OrleansEdge.Grains.Storage.Folder;
using OrleansEdge.Silo.Hosting.Security;
using OrleansEdge.Silo.Tests.Commands;

namespace OrleansEdge.Silo.Tests.Hosting.Security;

public sealed class SecurityUpkeepTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly BlobName Blob = BlobName.Create("enrolment", "revocations.json");

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(Now);
    private readonly RevocationList _revocations = new();
    private readonly LineLogger<SecurityUpkeep> _log = new();
    private readonly RecordingAudit _audit = new();
    private readonly CertificateFolder _files;
    private readonly FolderBlobStore _blobs;
    private readonly EnrolmentRecords _records;
    private readonly SecurityUpkeep _upkeep;

    public SecurityUpkeepTests()
    {
        _files = new(Path.Combine(_folder.Path, "certificates"));
        _files.Init(SiteName.Parse("harbour"), null, Now);
        _blobs = FolderBlobStore.Open(Path.Combine(_folder.Path, "store"));
        _records = new(_blobs);
        var site = SiteCertificates.Open(_files, SiteName.Parse("harbour"), ["127.0.0.1"], _time);
        _upkeep = new(_records, _revocations, new(_revocations, _time), site, TestOptions.Of("harbour", _folder.Path), _audit, _time, _log);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _upkeep.Dispose();
        _records.Dispose();
        _blobs.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Revocations_of_other_silos_arrive_though_the_sites_files_are_damaged()
    {
        File.WriteAllText(_files.SiteFile, "nonsense");
        foreach (var device in (string[])["dev7", "dev8"])
        {
            await Revoke(device);
            await _upkeep.Look(Stop);
            Assert.NotNull(_revocations.Find(KeyOf(device)));
        }

        Assert.StartsWith("The site's certificates could not be looked after", Assert.Single(_log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Certificates_are_renewed_though_the_revocations_cannot_be_read()
    {
        await _blobs.Write(Blob, "nonsense"u8.ToArray(), cancellation: Stop);
        await _upkeep.Look(Stop);
        _time.Advance(TimeSpan.FromDays(5));
        await _upkeep.Look(Stop);

        Assert.Collection(
            _log.Lines,
            line => Assert.StartsWith("Revocations could not be looked after", line, StringComparison.Ordinal),
            line => Assert.StartsWith("This silo has a new certificate", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Certificates_that_somebody_has_put_in_the_folder_are_on_record_once_for_each_change()
    {
        await _upkeep.Look(Stop);
        File.SetLastWriteTimeUtc(_files.SiteFile, DateTime.UnixEpoch);
        await _upkeep.Look(Stop);
        _time.Advance(TimeSpan.FromDays(5));
        await _upkeep.Look(Stop);
        Assert.Empty(_audit.Entries);

        for (var change = 1; change <= 2; change++)
        {
            _time.Advance(TimeSpan.FromDays(1));
            using (var authority = PrivateFiles.ReadWithKey(_files.AuthorityFile, _files.AuthorityKey).Certificate)
            {
                _files.RenewSite(authority, _time.GetUtcNow());
            }

            await _upkeep.Look(Stop);
            await _upkeep.Look(Stop);
            Assert.Equal(change, _audit.Entries.Count);
        }

        var (first, second) = (_audit.Entries[0], _audit.Entries[1]);
        Assert.Equal(("site", "take over certificates", AuditOutcome.Done, "127.0.0.1:1"), (first.Who, first.What, first.Outcome, first.From));
        using var site = X509CertificateLoader.LoadCertificateFromFile(_files.SiteFile);
        Assert.Contains(Thumbprint.Of(site).Hex, second.Detail, StringComparison.Ordinal);
        Assert.NotEqual(first.Detail, second.Detail);
    }

    [Fact]
    public async Task Trouble_that_comes_again_is_told_again()
    {
        for (var time = 0; time < 2; time++)
        {
            await _blobs.Write(Blob, "nonsense"u8.ToArray(), cancellation: Stop);
            await _upkeep.Look(Stop);
            await _blobs.Delete(Blob, cancellation: Stop);
            await _upkeep.Look(Stop);
        }

        Assert.Equal(2, _log.Lines.Count);
    }

    private static KeyFingerprint KeyOf(string device) => KeyFingerprint.Parse(ContentHash.Of(System.Text.Encoding.UTF8.GetBytes(device)).Hex);

    private async Task Revoke(string device) => await _records.ChangeRevocations(
        known => [.. known, new(ParticipantId.Parse(device), KeyOf(device), [], Now, Now.AddDays(30), IsReplaced: false)], Stop);
}
