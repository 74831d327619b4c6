using OrleansEdge.Contracts.Identifiers;

namespace OrleansEdge.Grains.Identity;

/// <summary>How a site knows who calls.</summary>
public sealed record IdentityOptions
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "Identity";

    /// <summary>The least of <see cref="TokenLifetime"/>: a token is renewed well before it ends, and that takes a moment.</summary>
    public static readonly TimeSpan ShortestLifetime = TimeSpan.FromSeconds(5);

    /// <summary>The most of <see cref="TokenLifetime"/>.</summary>
    public static readonly TimeSpan LongestLifetime = TimeSpan.FromDays(1);

    /// <summary>The site, for which alone its tokens are good.</summary>
    public SiteName Site { get; set; } = SiteName.Parse("site");

    /// <summary>How long a token is valid. Default 10 minutes.</summary>
    public TimeSpan TokenLifetime { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How many tokens a silo remembers as valid; about 1 KiB each. Default 16,384.</summary>
    public int RememberedTokens { get; set; } = 16_384;
}
