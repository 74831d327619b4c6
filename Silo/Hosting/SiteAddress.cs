using System.Net;

namespace OrleansEdge.Silo.Hosting;

/// <summary>Where a silo listens, and under which address others reach it.</summary>
/// <param name="Url">The HTTP port by the address under which it is reached.</param>
/// <param name="Advertised">That address.</param>
/// <param name="Listen">The address on which it listens.</param>
/// <param name="ListenUrl">The HTTP port as the web server is told in clear.</param>
internal sealed record SiteAddress(Uri Url, IPAddress Advertised, IPAddress Listen, string ListenUrl)
{
    private const int DefaultPort = 7400;
    private const string LocalName = "localhost";

    /// <summary>Reads the options, and refuses what would open a site to strangers by mistake.</summary>
    /// <param name="url">Of <c>--urls</c>; null for the default.</param>
    /// <param name="advertise">Of <c>--advertise</c>; null for where it listens.</param>
    /// <param name="isSecured">Whether there are certificates.</param>
    /// <param name="isInsecure">Whether <c>--insecure</c> was given.</param>
    /// <exception cref="FormatException">They cannot be used.</exception>
    public static SiteAddress Read(string? url, string? advertise, bool isSecured, bool isInsecure)
    {
        var text = url ?? $"{(isSecured ? "https" : "http")}://127.0.0.1:{DefaultPort}";
        if (!Uri.TryCreate(text, UriKind.Absolute, out var parsed) || parsed.Scheme is not ("http" or "https") || parsed.Port is < 1)
        {
            throw new FormatException($"'{text}' is not an address to listen on: write for example --urls http://127.0.0.1:7400.");
        }

        RequireScheme(parsed, isSecured, isInsecure);
        var listen = parsed.Host == LocalName ? IPAddress.Loopback
            : IPAddress.TryParse(parsed.Host, out var address) ? address
            : throw new FormatException(
                $"'{parsed.Host}' in --urls is a name: write the address of this machine on which the silo listens, or 0.0.0.0, and give --advertise ADDRESS.");
        var advertised = ReadAdvertised(advertise, listen);
        if (!isSecured && !isInsecure && !(IPAddress.IsLoopback(listen) && IPAddress.IsLoopback(advertised)))
        {
            throw new FormatException($"a site in clear is only for this machine, and {(IPAddress.IsLoopback(listen) ? advertised : listen)} is for others, too: make certificates with " +
                "'certs init' and give --certificates FOLDER, or say --insecure to let everyone in who reaches it.");
        }

        return new(new UriBuilder(parsed.Scheme, advertise is null && parsed.Host == LocalName ? LocalName : Text(advertised), parsed.Port).Uri, advertised, listen, text);
    }

    private static void RequireScheme(Uri url, bool isSecured, bool isInsecure)
    {
        if (isSecured && isInsecure)
        {
            throw new FormatException("--insecure runs a site in clear, and there are certificates: leave one of the two out.");
        }

        if (isSecured != (url.Scheme == "https"))
        {
            throw new FormatException(isSecured
                ? $"the site has certificates, so it speaks HTTPS: write --urls https://{url.Authority}."
                : $"HTTPS needs certificates: make them with 'certs init' and give --certificates FOLDER, or write --urls http://{url.Authority}.");
        }
    }

    private static IPAddress ReadAdvertised(string? advertise, IPAddress listen)
    {
        if (advertise is null)
        {
            return !listen.Equals(IPAddress.Any) && !listen.Equals(IPAddress.IPv6Any)
                ? listen
                : throw new FormatException($"{listen} means all addresses of this machine, and others must be told one: give --advertise ADDRESS.");
        }

        return IPAddress.TryParse(advertise, out var address) && !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any)
            ? address
            : throw new FormatException($"--advertise is '{advertise}': write the address under which others reach this silo, for example --advertise 192.0.2.7.");
    }

    private static string Text(IPAddress address) => address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"[{address}]" : address.ToString();
}
