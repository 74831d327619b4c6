using System.Globalization;
using System.Net.Security;

namespace OrleansEdge.Participation.Doctor;

/// <summary>Compares this machine's clock with that of another one, as the latter's HTTP answers tell it. Whoever answers may have any certificate: a wrong clock makes right ones invalid.</summary>
/// <param name="role">What the other is to this one.</param>
/// <param name="addresses">Where it is; the first that answers counts.</param>
/// <param name="machine">This machine.</param>
/// <param name="handler">What sends requests; null: the network.</param>
internal sealed class ClockCheck(string role, IReadOnlyList<Uri> addresses, Machine machine, HttpMessageHandler? handler = null) : IDoctorCheck
{
    /// <summary>Beyond this, logs and traces of two machines cannot be laid side by side.</summary>
    public static readonly TimeSpan Much = TimeSpan.FromMinutes(1);

    /// <summary>Beyond this, certificates that were just made are not valid yet elsewhere.</summary>
    public static readonly TimeSpan TooMuch = Contracts.Security.CertificateLifetimes.ClockDifference;

    private const string Subject = "clock";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Finding>> Look(CancellationToken cancellation)
    {
        using var client = new HttpClient(handler ?? Direct(), disposeHandler: handler is null) { Timeout = Patience };
        foreach (var address in addresses)
        {
            try
            {
                var began = machine.Time.GetUtcNow();
                using var answer = await client.GetAsync(new Uri(address, "/health/live"), HttpCompletionOption.ResponseHeadersRead, cancellation);
                if (answer.Headers.Date is { } theirs)
                {
                    // The header has whole seconds, and was written somewhere between the two.
                    var ended = machine.Time.GetUtcNow();
                    return [Judge(began + ((ended - began) / 2) - theirs, address)];
                }
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException || (exception is OperationCanceledException && !cancellation.IsCancellationRequested))
            {
                // The next one, then; that it does not answer is another check's to say.
            }
        }

        return [Finding.Warning(Subject, $"It could not be compared with that of the {role}, which does not tell the time at {addresses[0].GetLeftPart(UriPartial.Authority)}: compare them by hand, with 'date -u' on both.")];
    }

    private Finding Judge(TimeSpan difference, Uri address)
    {
        var where = $"that of the {role} at {address.GetLeftPart(UriPartial.Authority)}";
        var size = difference.Duration();
        if (size <= Much)
        {
            return Finding.Ok(Subject, $"It agrees with {where}, to {Text(size)}.");
        }

        var sentence = $"It is {Text(size)} {(difference > TimeSpan.Zero ? "ahead of" : "behind")} {where}";
        return size > TooMuch
            ? Finding.Problem(Subject, $"{sentence}, and with more than an hour certificates are refused: set both, for example with chrony or systemd-timesyncd.")
            : Finding.Warning(Subject, $"{sentence}: set both, for example with chrony or systemd-timesyncd.");
    }

    private static string Text(TimeSpan size) => size.TotalSeconds < 100
        ? string.Create(CultureInfo.InvariantCulture, $"{size.TotalSeconds:0} s")
        : size.TotalMinutes < 100
            ? string.Create(CultureInfo.InvariantCulture, $"{size.TotalMinutes:0} minutes")
            : string.Create(CultureInfo.InvariantCulture, $"{size.TotalHours:0.#} hours");

    /// <summary>Not through a proxy, whose clock that would be. Nothing is sent that anybody could use.</summary>
    private static SocketsHttpHandler Direct() => new()
    {
        UseProxy = false,
        ConnectTimeout = Patience,
        SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null },
    };
}
