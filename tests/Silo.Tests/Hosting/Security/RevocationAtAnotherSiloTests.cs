using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Security;
using OrleansEdge.Contracts.Security.Enrolment;
using OrleansEdge.Grains.Enrolment;
using OrleansEdge.Grains.Storage.Folder;
using OrleansEdge.Silo.Hosting.Security;
using OrleansEdge.Silo.Tests.Commands;

namespace OrleansEdge.Silo.Tests.Hosting.Security;

/// <summary>
/// An operator shuts a device out at one silo while the device's connection is open at another. The two share nothing but the site's store and its
/// certificates.
/// </summary>
public sealed class RevocationAtAnotherSiloTests : IAsyncDisposable
{
    /// <summary>What the product promises: time is real here.</summary>
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(5);

    private readonly TemporaryFolder _folder = new();
    private readonly FolderBlobStore _blobs;
    private readonly EnrolmentRecords _here;
    private readonly EnrolmentRecords _there;
    private readonly EnrolmentBook _book;
    private readonly TlsSite _other = new();
    private readonly SecurityUpkeep _upkeep;

    public RevocationAtAnotherSiloTests()
    {
        _blobs = FolderBlobStore.Open(_folder.Path);
        _here = new(_blobs);
        _there = new(_blobs);
        _book = new(_here, new(), _other.Certificates, Options.Create(new EnrolmentOptions()), _other.Time);
        _upkeep = new(_there, _other.Revocations, _other.Connections, _other.Certificates, TestOptions.Of("harbour", _folder.Path),
            new RecordingAudit(), TimeProvider.System, new LineLogger<SecurityUpkeep>());
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _upkeep.StopAsync(CancellationToken.None);
        _upkeep.Dispose();
        await _other.DisposeAsync();
        _here.Dispose();
        _there.Dispose();
        _blobs.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Device_that_is_shut_out_at_one_silo_loses_its_connection_at_another_within_five_seconds()
    {
        await _upkeep.StartAsync(Stop);
        for (var number = 1; number <= 3; number++)
        {
            var id = $"dev{number}";
            var credentials = _other.Credentials(await Enrol(id));
            var connected = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var ended = _other.Port.Connect(_other.Client(credentials), connection => UntilItEnds(connection, connected));
            await await Task.WhenAny(connected.Task, ended);

            await _book.Revoke(ParticipantId.Parse(id), Stop);
            var revoked = Stopwatch.GetTimestamp();
            await ended.WaitAsync(TimeSpan.FromMinutes(1), Stop);

            Assert.InRange(Stopwatch.GetElapsedTime(revoked), TimeSpan.Zero, Promised);
        }
    }

    private static async Task UntilItEnds(ConnectionContext connection, TaskCompletionSource connected)
    {
        Assert.Equal([7], await TlsSite.Echo(connection, [7]));
        connected.SetResult();
        try
        {
            while (!(await connection.Transport.Input.ReadAsync(Stop)).IsCompleted)
            {
                // Nothing is sent.
            }
        }
        catch (Exception exception) when (exception is IOException or ConnectionAbortedException or ConnectionResetException)
        {
            // It was cut.
        }
    }

    private async Task<X509Certificate2> Enrol(string id)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var device = ParticipantId.Parse(id);
        var (_, code) = await _book.Invite(new(device, 1, TimeSpan.FromHours(1), null, false, false), Stop);
        var outcome = await _book.Enrol(new(id, SigningRequest.Create(device, key), code.Id, code.Secret), Stop);
        using var certificate = X509CertificateLoader.LoadCertificate(outcome.Enrolment.Certificate!);
        return _other.Keep(certificate.CopyWithPrivateKey(key));
    }
}
