using OrleansEdge.Silo.Hosting.Clustering;

namespace OrleansEdge.Silo.Tests.Hosting.Clustering;

public sealed class RedisAddressTests
{
    [Theory]
    [InlineData("redis://harbour:6400", "redis://harbour:6400")]
    [InlineData("redis://192.0.2.7", "redis://192.0.2.7:6379")]
    [InlineData("redis://[::1]:6400/", "redis://[::1]:6400")]
    public void Address_is_read(string text, string expected) => Assert.Equal(expected, RedisAddress.Parse(text).ToString());

    [Theory]
    [InlineData("harbour:6400")]
    [InlineData("http://harbour:6400")]
    [InlineData("redis://")]
    [InlineData("redis://harbour:6400/3")]
    [InlineData("")]
    public void Something_else_is_refused_with_what_to_write(string text) =>
        Assert.StartsWith($"--cluster is '{text}': write redis://HOST:PORT", Assert.Throws<FormatException>(() => RedisAddress.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Text_that_is_too_long_is_refused_and_not_repeated() =>
        Assert.Equal("--cluster has 100008 characters, and 300 are enough: write redis://HOST:PORT.",
            Assert.Throws<FormatException>(() => RedisAddress.Parse("redis://" + new string('x', 100_000))).Message);

    [Fact]
    public void Password_in_the_address_is_refused_and_not_repeated()
    {
        var refused = Assert.Throws<FormatException>(() => RedisAddress.Parse("redis://:secret@harbour:6400")).Message;
        Assert.Contains(RedisAddress.PasswordVariable, refused, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refused, StringComparison.Ordinal);
    }
}
