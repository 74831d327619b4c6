using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Security;
using OrleansEdge.Contracts.Security.Enrolment;
using OrleansEdge.Contracts.Tests.Security;
using OrleansEdge.Grains.Enrolment;
using OrleansEdge.Grains.Tests.Enrolment;
using OrleansEdge.Grains.Tests.Retention;
using OrleansEdge.Silo.Hosting.Security;

namespace OrleansEdge.Fuzz.Tests.Targets;

/// <summary>A site at which one device may enrol, and has: whatever else is sent there, nobody but that device with its own key gets a certificate.</summary>
internal sealed class EnrolmentDesk
{
    private static readonly ParticipantId Device = ParticipantId.Parse("dev7");

    private readonly ECDsa _key = CertificateIssuer.CreateKey();
    private readonly EnrolmentBook _book;
    private readonly EnrolmentRequest _request;

    public EnrolmentDesk()
    {
        var issuer = new TestIssuer(new TestAuthority(now: DateTimeOffset.UtcNow));
        _book = new(new(new MemoryBlobStore()), new(), issuer, Options.Create(new EnrolmentOptions()), TimeProvider.System);
        var (_, code) = _book.Invite(new(Device, 1, TimeSpan.FromHours(1), null, false, false), CancellationToken.None).GetAwaiter().GetResult();
        _request = new(Device.Value, SigningRequest.Create(Device, _key), code.Id, code.Secret);
        _book.Enrol(_request, CancellationToken.None).GetAwaiter().GetResult();
    }

    /// <summary>The two addresses of the desk.</summary>
    public IEnumerable<FuzzTarget> Targets =>
    [
        Target("request for enrolment", new[] { _request }, (request, cancellation) => _book.Enrol(request, cancellation)),
        Target("request for renewal", new[] { new RenewalRequest(Device.Value, _request.Request) }, (request, cancellation) => _book.Renew(request, cancellation)),
    ];

    private FuzzTarget Target<T>(string name, T[] valid, Func<T, CancellationToken, Task<EnrolmentOutcome>> act)
        where T : class => new(
            name, typeof(T), input => Answer(input, act).GetAwaiter().GetResult(), Declared.Only<EnrolmentRefusedException>(),
            [.. valid.Select(request => JsonSerializer.SerializeToUtf8Bytes(request, EnrolmentJson.Options))])
        {
            // A request and its answer: keys, certificates and records.
            FixedAllocation = 1 << 20,
        };

    private async Task Answer<T>(ReadOnlyMemory<byte> input, Func<T, CancellationToken, Task<EnrolmentOutcome>> act)
        where T : class
    {
        var context = new DefaultHttpContext { Request = { Body = new MemoryStream(input.ToArray()) } };
        var device = (await act(await EnrolmentEndpoints.Desk.Read<T>(context), CancellationToken.None)).Enrolment;
        PropertyException.Require(
            device.Participant == Device && device.Key == KeyFingerprint.Of(new PublicKey(_key)), $"'{device.Participant}' has enrolled, whom nobody has invited");
    }
}
