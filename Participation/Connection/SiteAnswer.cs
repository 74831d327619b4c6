using System.Net;
using System.Text.Json;
using OrleansEdge.Contracts.Sites;

namespace OrleansEdge.Participation.Connection;

/// <summary>Reads what a site's HTTP port says of itself. Whoever listens there may say anything.</summary>
internal static class SiteAnswer
{
    /// <summary>The longest answer that is read, in bytes: 1 MiB, enough for a thousand silos.</summary>
    public const int MaximumLength = 1 << 20;

    private const int MaximumAddresses = 1 << 12;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { MaxDepth = 8 };

    /// <summary>Reads a description.</summary>
    /// <exception cref="JsonException">The bytes are something else, lack something, or name a gateway that is no address with a port.</exception>
    public static SiteDescription Read(ReadOnlySpan<byte> json)
    {
        var description = JsonSerializer.Deserialize<SiteDescription>(json, Json) ?? throw new JsonException("The description is empty.");
        if (description is not { Name: not null, ClusterId: not null, ServiceId: not null, Gateways: not null, Addresses: not null })
        {
            throw new JsonException("The description is not whole.");
        }

        if (description.Gateways.Count > MaximumAddresses || description.Addresses.Count > MaximumAddresses)
        {
            throw new JsonException($"The description names more than {MaximumAddresses} addresses.");
        }

        return description.Gateways.All(IsGateway) && description.Addresses.All(address => address is not null)
            ? description
            : throw new JsonException("The description names a gateway that is not an address with a port.");
    }

    private static bool IsGateway(string? gateway) => gateway is not null && IPEndPoint.TryParse(gateway, out var endpoint) && endpoint.Port > 0;
}
