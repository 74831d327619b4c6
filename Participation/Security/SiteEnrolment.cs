using System.Net;
using System.Net.Http.Json;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Security;
using OrleansEdge.Contracts.Security.Enrolment;
using OrleansEdge.Contracts.Security.Files;

namespace OrleansEdge.Participation.Security;

/// <summary>A participant's side of enrolment: a device's, or a site's that takes part at the one above it.</summary>
/// <param name="addresses">The HTTPS addresses of the site's silos, as far as they are known now.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Told once when the site is not there, or lets the device wait.</param>
internal sealed partial class SiteEnrolment(Func<IReadOnlyList<Uri>> addresses, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ApprovalPause = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(15);

    /// <summary>Whether it goes on trying when the site is not there; otherwise it says so.</summary>
    public bool IsPatient { get; init; } = true;

    /// <summary>Enrols a device with an invitation; waits for an approval for ever.</summary>
    /// <param name="participant">The device.</param>
    /// <param name="invitation">Its invitation.</param>
    /// <param name="folder">Its own folder.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="FormatException">The invitation is for a site.</exception>
    /// <exception cref="ParticipantRefusedException">The site refuses.</exception>
    public Task<DeviceCredentials> Enrol(ParticipantId participant, InvitationCode invitation, string folder, CancellationToken cancellation) =>
        invitation.InvitedSite is { } site
            ? throw new FormatException($"the invitation is for the site '{site}': use it on that site's machine with 'Silo certs join'.")
            : Enrol(participant, invitation, folder, null, cancellation);

    /// <summary>Enrols a site at the one above it.</summary>
    /// <param name="invitation">The invitation.</param>
    /// <param name="files">Where the site keeps its certificates.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="FormatException">The invitation is for devices.</exception>
    /// <exception cref="ParticipantRefusedException">The site above refuses.</exception>
    public Task<DeviceCredentials> EnrolSite(InvitationCode invitation, EnrolledSite files, CancellationToken cancellation) =>
        invitation.InvitedSite is { } site
            ? Enrol(site, invitation, files.ParentFolder, files, cancellation)
            : throw new FormatException($"the invitation is for devices of the site '{invitation.Site}': its operator invites a site with 'sites invite NAME'.");

    private async Task<DeviceCredentials> Enrol(
        ParticipantId participant, InvitationCode invitation, string folder, EnrolledSite? site, CancellationToken cancellation)
    {
        var identity = CertificateIdentity.Of(CertificateRole.Device, invitation.Site, participant);
        var files = new DeviceFiles(folder);
        using var key = files.OpenKey();
        var request = new EnrolmentRequest(identity.LocalName.Value, SigningRequest.Create(identity.LocalName, key), invitation.Id, invitation.Secret, site?.CreateRequest(identity.LocalName));
        var authority = await Repeat(address => FindAuthority(address, invitation, cancellation), cancellation);
        using var client = new HttpClient(HandlerFor(invitation.Site, [authority])) { Timeout = CallLimit };
        var isWaiting = false;
        while (true)
        {
            var answer = await Repeat(address => Post(client, new Uri(address, "/enrol"), request, cancellation), cancellation);
            if (answer.Certificate is null)
            {
                if (!isWaiting)
                {
                    LogWaits(participant, KeyFingerprint.Of(new PublicKey(key)).Hex[..16]);
                }

                isWaiting = true;
                await Task.Delay(ApprovalPause, time, cancellation);
                continue;
            }

            site?.Keep(identity.Name, answer, [authority], time.GetUtcNow());
            return DeviceCertificate.Keep(files, identity, answer, [authority], time) is { } refusal
                ? throw new ParticipantRefusedException($"the site sent a certificate that cannot be used: {refusal}.")
                : DeviceCredentials.Open(folder, identity.LocalName, time)!;
        }
    }

    /// <summary>Renews a certificate, also one that has expired; tries each silo once.</summary>
    /// <param name="credentials">The certificate.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <param name="site">Where a site keeps what it vouches with, which is renewed as well; null for a device.</param>
    /// <exception cref="ParticipantRefusedException">The site refuses.</exception>
    /// <exception cref="HttpRequestException">No silo answers.</exception>
    public async Task Renew(DeviceCredentials credentials, CancellationToken cancellation, EnrolledSite? site = null)
    {
        // Without the certificate, which may have expired: the signature of the request proves as much.
        using var client = new HttpClient(HandlerFor(credentials.Site, credentials.Current.Authorities)) { Timeout = CallLimit };
        var request = new RenewalRequest(credentials.Identity.LocalName.Value, credentials.CreateRequest(), site?.CreateRequest(credentials.Identity.LocalName));
        var answer = await Once(address => Post(client, new Uri(address, "/enrol/renew"), request, cancellation));
        if (answer.Certificate is null)
        {
            throw new HttpRequestException($"the device '{credentials.Identity.LocalName}' waits for the approval of the site's operator");
        }

        site?.Keep(credentials.Identity.Name, answer, credentials.Current.Authorities, time.GetUtcNow());
        credentials.Take(answer);
    }

    /// <summary>Renews; tries for ever.</summary>
    /// <exception cref="ParticipantRefusedException">The site refuses.</exception>
    public Task RenewUntilAnswered(DeviceCredentials credentials, CancellationToken cancellation) => Repeat(
        async _ =>
        {
            await Renew(credentials, cancellation);
            return true;
        },
        cancellation);

    private static async Task<EnrolmentAnswer> Post<T>(HttpClient client, Uri address, T request, CancellationToken cancellation)
    {
        using var response = await client.PostAsJsonAsync(address, request, EnrolmentJson.Options, cancellation);
        if (response.IsSuccessStatusCode)
        {
            return await Read<EnrolmentAnswer>(response, cancellation);
        }

        var sentence = (await Read<EnrolmentError>(response, cancellation)).Error;
        throw response.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.BadRequest
            ? new ParticipantRefusedException(sentence)
            : new HttpRequestException(sentence, null, response.StatusCode);
    }

    private static async Task<T> Read<T>(HttpResponseMessage response, CancellationToken cancellation)
    {
        try
        {
            return await response.Content.ReadFromJsonAsync<T>(EnrolmentJson.Options, cancellation) ?? throw new JsonException("It is empty.");
        }
        catch (JsonException exception)
        {
            throw new HttpRequestException($"{response.RequestMessage?.RequestUri} answers {(int)response.StatusCode} and something that is not understood", exception);
        }
    }

    /// <summary>
    /// Asks a silo for its authority. Nothing is trusted here, and nothing is told: the certificate counts only if it is the very one that the
    /// invitation pins.
    /// </summary>
    private static async Task<X509Certificate2> FindAuthority(Uri address, InvitationCode invitation, CancellationToken cancellation)
    {
        using var client = new HttpClient(new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                EnabledSslProtocols = SslProtocols.Tls13,
                RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null,
            },
        })
        { Timeout = CallLimit, MaxResponseContentBufferSize = 1 << 16 };
        using var response = await client.GetAsync(new Uri(address, "/authority"), cancellation);
        var answer = await Read<EnrolmentAnswer>(response, cancellation);
        try
        {
            return DeviceCertificate.Load(answer.Authorities ?? []).FirstOrDefault(authority => Thumbprint.Of(authority) == invitation.Authority)
                ?? throw new ParticipantRefusedException(
                    $"what answers at {address} is not under the authority that the invitation pins: check the address, or ask for a new invitation.");
        }
        catch (CryptographicException exception)
        {
            throw new HttpRequestException($"{address} is not a secured site", exception);
        }
    }

    private ExplainingHandler HandlerFor(ParticipantId name, X509Certificate2Collection authorities) => new(
        name.Value,
        peer => CertificateValidator.Judge(
            peer.Certificate as X509Certificate2, peer.Chain?.ChainPolicy.ExtraStore ?? [], authorities, CertificatePurpose.Server, time.GetUtcNow()),
        new SslClientAuthenticationOptions(),
        CallLimit);

    private async Task<T> Repeat<T>(Func<Uri, Task<T>> ask, CancellationToken cancellation)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return await Once(ask);
            }
            catch (HttpRequestException exception) when (IsPatient)
            {
                if (attempt == 0)
                {
                    LogAway(string.Join(", ", addresses()), exception.Message);
                }

                await Task.Delay(Pause, time, cancellation);
            }
        }
    }

    private async Task<T> Once<T>(Func<Uri, Task<T>> ask)
    {
        HttpRequestException? last = null;
        foreach (var address in addresses())
        {
            try
            {
                return await ask(address);
            }
            catch (HttpRequestException exception)
            {
                last = exception;
            }
            catch (TaskCanceledException exception) when (exception.InnerException is TimeoutException)
            {
                last = new HttpRequestException($"{address} does not answer within {CallLimit.TotalSeconds:0} s", exception);
            }
        }

        throw last!;
    }

    [LoggerMessage(LogLevel.Information, "Waiting to enrol at the site at {Site}: {Reason}")]
    private partial void LogAway(string site, string reason);

    [LoggerMessage(LogLevel.Information, "'{Participant}' waits for the approval of the site's operator ('devices approve {Participant}'); the fingerprint of its key begins with {Fingerprint}")]
    private partial void LogWaits(ParticipantId participant, string fingerprint);
}
