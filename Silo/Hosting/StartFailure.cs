using System.Net.Sockets;
using Microsoft.Extensions.Options;
using OrleansEdge.Contracts.Security.Files;
using OrleansEdge.Grains.Storage;
using OrleansEdge.Silo.Hosting.Clustering;
using OrleansEdge.Silo.Hosting.Security;

namespace OrleansEdge.Silo.Hosting;

/// <summary>Why a site did not start, in a sentence for a person.</summary>
internal static class StartFailure
{
    /// <summary>The sentence; null for what is not the operator's to mend.</summary>
    public static string? Explain(Exception exception)
    {
        for (var current = exception; current is not null; current = current.InnerException)
        {
            if (current is InvalidOperationException && current.Message.Contains("configuration value", StringComparison.Ordinal))
            {
                // It names the setting, which what it rests on does not.
                return $"{current.Message} Give it as the documentation of the setting says, for a time as hours:minutes:seconds.";
            }

            if (current is FormatException or OrleansConfigurationException or BlobStoreException or MembershipException or PortInUseException or CertificateException or OptionsValidationException)
            {
                return current.Message;
            }

            if (current is SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse } or Microsoft.AspNetCore.Connections.AddressInUseException)
            {
                return "a port of the site is in use by another process: end that process, or choose other ports with --urls, --silo-port and --gateway-port.";
            }

            if (current is SocketException { SocketErrorCode: SocketError.AddressNotAvailable } unavailable)
            {
                return $"the site cannot listen on its address: {unavailable.Message}; give one of this machine's addresses in --urls.";
            }
        }

        return exception is AggregateException aggregate ? aggregate.InnerExceptions.Select(Explain).FirstOrDefault(sentence => sentence is not null) : null;
    }
}
