using OrleansEdge.Grains.Retention.Marking;

namespace OrleansEdge.Grains.Retention;

/// <summary>What a site keeps, and for how long. Bound to the configuration section <c>Retention</c>.</summary>
public sealed class RetentionOptions
{
    /// <summary>The name of the configuration section.</summary>
    public const string Section = "Retention";

    /// <summary>How many of the newest versions of each model are kept, 1 or more; default null: all.</summary>
    public int? KeepLast { get; set; }

    /// <summary>By which metric the best version of each model is kept, too; default null: by none.</summary>
    public RetentionMetric? KeepBest { get; set; }

    /// <summary>How often the site looks for what it need not keep; default 1 h. Zero: never by itself.</summary>
    public TimeSpan Period { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long content that nothing refers to is kept after it was last stored or touched; default 24 h.</summary>
    public TimeSpan Grace { get; set; } = TimeSpan.FromHours(24);

    /// <summary>The policy for all models.</summary>
    public RetentionPolicy Policy => new(KeepLast, KeepBest);

    /// <summary>Refuses what cannot be meant.</summary>
    /// <exception cref="FormatException">The message says what is wrong.</exception>
    public void Require()
    {
        if (KeepLast < 1)
        {
            throw new FormatException($"{Section}:{nameof(KeepLast)} is {KeepLast}: give how many versions to keep, 1 or more, or leave it out to keep all.");
        }

        if (Period < TimeSpan.Zero || Grace < TimeSpan.Zero)
        {
            throw new FormatException($"{Section}:{nameof(Period)} and {Section}:{nameof(Grace)} are lengths of time such as 01:00:00, and cannot be negative.");
        }
    }
}
