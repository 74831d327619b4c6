using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Security;
using OrleansEdge.Contracts.Security.Enrolment;
using OrleansEdge.Contracts.Security.Files;
using OrleansEdge.Grains.Audit;
using OrleansEdge.Grains.Enrolment;
using OrleansEdge.Grains.Storage.Folder;
using OrleansEdge.Silo.Hosting.Security;
using OrleansEdge.Silo.Tests.Commands;

namespace OrleansEdge.Silo.Tests.Hosting.Security;

/// <summary>What is on record of those who enrol and renew, and whom failures of others keep out.</summary>
public sealed class EnrolmentDeskTests : IDisposable
{
    private static readonly ParticipantId Device = ParticipantId.Parse("dev7");

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly RecordingAudit _audit = new();
    private readonly FolderBlobStore _blobs;
    private readonly EnrolmentRecords _records;
    private readonly EnrolmentBook _book;
    private readonly EnrolmentEndpoints.Desk _desk;
    private readonly ECDsa _key = CertificateIssuer.CreateKey();
    private readonly ECDsa _other = CertificateIssuer.CreateKey();

    public EnrolmentDeskTests()
    {
        var files = new CertificateFolder(Path.Combine(_folder.Path, "certificates"));
        files.Init(SiteName.Parse("harbour"), null, _time.GetUtcNow());
        var site = SiteCertificates.Open(files, SiteName.Parse("harbour"), ["127.0.0.1"], _time);
        _blobs = FolderBlobStore.Open(Path.Combine(_folder.Path, "store"));
        _records = new(_blobs);
        _book = new(_records, new(), site, Options.Create(new EnrolmentOptions()), _time);
        _desk = new(
            _book, site, new(_audit, _time, NullLogger<RefusalLog>.Instance), _audit, _time, NullLogger<EnrolmentEndpoints.Desk>.Instance);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _key.Dispose();
        _other.Dispose();
        _records.Dispose();
        _blobs.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Device_that_asks_until_it_is_approved_is_on_record_when_something_changes()
    {
        var code = await Invite(needsApproval: true);
        for (var poll = 0; poll < 5; poll++)
        {
            Assert.Equal(StatusCodes.Status200OK, await Enrol(code, code.Secret));
        }

        await _book.Approve(Device, Stop);
        await Enrol(code, code.Secret);
        await Enrol(code, code.Secret);

        Assert.Equal([("enrol", "Pending"), ("enrol", "InForce")], _audit.Recorded);
    }

    [Fact]
    public async Task Renewal_that_comes_before_its_time_is_not_on_record()
    {
        var code = await Invite();
        await Enrol(code, code.Secret);
        await Renew(_key);
        _time.Advance(TimeSpan.FromDays(20));
        await Renew(_key);
        await Renew(_key);

        Assert.Equal([("enrol", "InForce"), ("renew certificate", "InForce")], _audit.Recorded);
    }

    [Fact]
    public async Task Who_guesses_at_invitations_keeps_nobody_behind_the_same_address_from_renewing()
    {
        var code = await Invite();
        await Enrol(code, code.Secret);
        for (var guess = 0; guess < FailureLimiter.MostFailures; guess++)
        {
            Assert.Equal(StatusCodes.Status403Forbidden, await Enrol(code, new string('0', 32)));
        }

        Assert.Equal(StatusCodes.Status429TooManyRequests, await Enrol(code, code.Secret));
        Assert.Equal(StatusCodes.Status200OK, await Renew(_key));
    }

    [Theory]
    [InlineData("nothing")]
    [InlineData("noise")]
    [InlineData("cut")]
    [InlineData("changed")]
    [InlineData("another's")]
    [InlineData("another kind")]
    public async Task Malformed_requests_for_certificates_count_as_guesses(string kind)
    {
        var code = await Invite();
        for (var guess = 0; guess < FailureLimiter.MostFailures; guess++)
        {
            Assert.Equal(StatusCodes.Status403Forbidden, StatusOf(await _desk.Enrol(Request(new EnrolmentRequest("dev7", Malformed(kind), code.Id, code.Secret)))));
        }

        Assert.Equal(StatusCodes.Status429TooManyRequests, await Enrol(code, code.Secret));
    }

    [Fact]
    public async Task Renewals_with_a_wrong_key_have_an_end_and_keep_nobody_from_enrolling()
    {
        var code = await Invite();
        await Enrol(code, code.Secret);
        for (var guess = 0; guess < FailureLimiter.MostFailures; guess++)
        {
            Assert.Equal(StatusCodes.Status403Forbidden, await Renew(_other));
        }

        Assert.Equal(StatusCodes.Status429TooManyRequests, await Renew(_key));
        Assert.Equal(StatusCodes.Status200OK, await Enrol(code, code.Secret));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(StatusCodes.Status200OK, await Renew(_key));
    }

    private byte[] Malformed(string kind)
    {
        var request = SigningRequest.Create(kind == "another's" ? ParticipantId.Parse("dev8") : Device, _key);
        using var rsa = RSA.Create(2048);
        return kind switch
        {
            "nothing" => [],
            "noise" => RandomNumberGenerator.GetBytes(200),
            "cut" => request[..^1],
            "changed" => [.. request[..^1], (byte)(request[^1] ^ 1)],
            "another kind" => new CertificateRequest("CN=dev7", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSigningRequest(),
            _ => request,
        };
    }

    private async Task<InvitationCode> Invite(bool needsApproval = false) =>
        (await _book.Invite(new(Device, 1, TimeSpan.FromDays(60), null, needsApproval, Replaces: false), Stop)).Code;

    private async Task<int> Enrol(InvitationCode code, string secret) =>
        StatusOf(await _desk.Enrol(Request(new EnrolmentRequest("dev7", SigningRequest.Create(Device, _key), code.Id, secret))));

    private async Task<int> Renew(ECDsa key) => StatusOf(await _desk.Renew(Request(new RenewalRequest("dev7", SigningRequest.Create(Device, key)))));

    private static int StatusOf(IResult result) => ((IStatusCodeHttpResult)result).StatusCode ?? StatusCodes.Status200OK;

    private static DefaultHttpContext Request<T>(T request)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Parse("192.0.2.7");
        context.Request.Body = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(request, EnrolmentJson.Options));
        return context;
    }
}
