using Microsoft.Extensions.Configuration;
using OrleansEdge.Grains.Retention.Marking;
using OrleansEdge.Silo.Hosting;

namespace OrleansEdge.Silo.Tests.Hosting;

public sealed class SiteRetentionOptionsTests
{
    [Fact]
    public void Nothing_configured_keeps_all_versions_and_a_day_of_orphans()
    {
        var options = SiteRetentionOptions.Read(Configuration());
        Assert.Equal((new RetentionPolicy(null), TimeSpan.FromHours(1), TimeSpan.FromDays(1)), (options.Policy, options.Period, options.Grace));
    }

    [Fact]
    public void Configuration_says_what_is_kept()
    {
        var options = SiteRetentionOptions.Read(Configuration(("KeepLast", "3"), ("KeepBest", "loss"), ("Period", "00:00:05"), ("Grace", "00:01:00")));
        Assert.Equal(
            (new RetentionPolicy(3, RetentionMetric.Loss), TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(1)), (options.Policy, options.Period, options.Grace));
    }

    [Theory]
    [InlineData("KeepLast", "0", "Retention:KeepLast is 0: give how many versions to keep, 1 or more, or leave it out to keep all.")]
    [InlineData("KeepLast", "many", "Retention:KeepLast")]
    [InlineData("KeepBest", "beauty", "Retention:KeepBest")]
    [InlineData("Grace", "-00:01:00", "Retention:Period and Retention:Grace are lengths of time such as 01:00:00, and cannot be negative.")]
    public void Nonsense_is_refused_with_a_sentence_that_names_the_key(string key, string value, string sentence) => Assert.Contains(
        sentence, Assert.Throws<FormatException>(() => SiteRetentionOptions.Read(Configuration((key, value)))).Message, StringComparison.Ordinal);

    private static IConfiguration Configuration(params (string Key, string Value)[] values) => new ConfigurationBuilder()
        .AddInMemoryCollection(values.Select(entry => KeyValuePair.Create($"Retention:{entry.Key}", (string?)entry.Value))).Build();
}
