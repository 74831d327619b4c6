using System.Net;
using System.Net.Sockets;

namespace OrleansEdge.Participation.Doctor;

/// <summary>Whether a proxy that the environment names would catch what is meant for a site, which often cannot be reached through it.</summary>
internal sealed class ProxyCheck(IReadOnlyList<Uri> targets, Machine machine) : IDoctorCheck
{
    private const string Subject = "proxy";

    /// <inheritdoc/>
    public Task<IReadOnlyList<Finding>> Look(CancellationToken cancellation)
    {
        List<Finding> findings = [.. targets.DistinctBy(target => target.Authority).Select(Judge).OfType<Finding>()];
        return Task.FromResult<IReadOnlyList<Finding>>(findings.Count > 0 ? findings : [Finding.Ok(Subject, $"No proxy stands before {string.Join(", ", targets.Select(target => target.Authority).Distinct())}.")]);
    }

    private Finding? Judge(Uri target)
    {
        if (machine.Proxy.IsBypassed(target) || machine.Proxy.GetProxy(target) is not { } proxy || proxy == target)
        {
            return null;
        }

        var sentence = $"What is meant for {target.Authority} would go through {proxy.GetLeftPart(UriPartial.Authority)}";
        return IsLocal(target.Host)
            ? Finding.Problem(Subject, $"{sentence}, which does not lead to this machine or its network: add {target.Host} to the environment variable NO_PROXY.")
            : Finding.Warning(Subject, $"{sentence}: if it does not let TLS with client certificates pass, add {target.Host} to the environment variable NO_PROXY.");
    }

    /// <summary>Of this machine, or of a network that is not the internet: RFC 1918, RFC 4193, link-local; a name without dots.</summary>
    private static bool IsLocal(string host)
    {
        if (!IPAddress.TryParse(host, out var address))
        {
            return !host.Contains('.', StringComparison.Ordinal) || host.EndsWith(".local", StringComparison.OrdinalIgnoreCase);
        }

        var bytes = address.GetAddressBytes();
        return IPAddress.IsLoopback(address)
            || (address.AddressFamily == AddressFamily.InterNetwork
                ? bytes[0] == 10 || (bytes[0] == 172 && bytes[1] is >= 16 and < 32) || (bytes[0] == 192 && bytes[1] == 168) || (bytes[0] == 169 && bytes[1] == 254)
                : address.IsIPv6LinkLocal || address.IsIPv6UniqueLocal);
    }
}
