using System.Net;
using OrleansEdge.Contracts.Security.Transport;

namespace OrleansEdge.Contracts.Tests.Security;

public sealed class PeerNetworkTests
{
    [Theory]
    [InlineData("192.0.2.7", "192.0.2.7")]
    [InlineData("::ffff:192.0.2.7", "192.0.2.7")]
    [InlineData("127.0.0.1", "127.0.0.1")]
    [InlineData("::1", "::1")]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2::/64")]
    [InlineData("2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64")]
    [InlineData("2001:db8:1:2::", "2001:db8:1:2::/64")]
    [InlineData("fd00::7", "fd00::/64")]
    [InlineData("fe80::7", "fe80::7")]
    public void Address_is_counted_with_those_that_one_host_can_have(string address, string counted) =>
        Assert.Equal(counted, PeerNetwork.Of(IPAddress.Parse(address)).ToString());

    [Theory]
    [InlineData("192.0.2.7", "::ffff:192.0.2.7", true)]
    [InlineData("192.0.2.7", "192.0.2.8", false)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:3:4:5:6", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    [InlineData("::1", "::2", false)]
    [InlineData("fe80::1%2", "fe80::2%2", false)]
    [InlineData("fe80::1%2", "fe80::1%3", false)]
    public void Addresses_of_one_host_are_one_and_others_are_not(string first, string second, bool areOne) =>
        Assert.Equal(areOne, PeerNetwork.Of(IPAddress.Parse(first)) == PeerNetwork.Of(IPAddress.Parse(second)));
}
