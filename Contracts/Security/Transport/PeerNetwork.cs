using System.Net;
using System.Net.Sockets;

namespace OrleansEdge.Contracts.Security.Transport;

/// <summary>
/// Whoever counts as one where limits are for an address. With IPv6 a single host has as many addresses as it likes, all with the same first 64 bits:
/// those count as one. Addresses of IPv4 count each for itself, however they are written, and so do those that are good on one link only, which all
/// have the same beginning.
/// </summary>
public readonly record struct PeerNetwork
{
    private const int Prefix = 8;

    private readonly IPAddress? _address;

    private PeerNetwork(IPAddress address) => _address = address;

    /// <summary>What an address belongs to.</summary>
    public static PeerNetwork Of(IPAddress address)
    {
        var plain = Plain(address);
        if (plain.AddressFamily != AddressFamily.InterNetworkV6 || plain.IsIPv6LinkLocal || IPAddress.IsLoopback(plain))
        {
            return new(plain);
        }

        Span<byte> bytes = stackalloc byte[16];
        plain.TryWriteBytes(bytes, out _);
        bytes[Prefix..].Clear();
        return new(new IPAddress(bytes));
    }

    /// <summary>An address of IPv4 that was written as one of IPv6, as itself; all others as they are.</summary>
    public static IPAddress Plain(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
    }

    /// <inheritdoc/>
    public override string ToString() => _address is not { AddressFamily: AddressFamily.InterNetworkV6, IsIPv6LinkLocal: false } || IPAddress.IsLoopback(_address)
        ? $"{_address}"
        : $"{_address}/{Prefix * 8}";
}
