using System.Globalization;

namespace OrleansEdge.Contracts.Faults.Network;

/// <summary>
/// What is wrong with a network, written as <c>drop:0.02 delay:200ms~50ms bandwidth:1mbit partition:20s@3 seed:7</c>; each word may be left out.
/// </summary>
public sealed record NetworkFaults
{
    /// <summary>Nothing is wrong.</summary>
    public static NetworkFaults None { get; } = new();

    /// <summary>The probability with which each message breaks its connection; 0 to 1, default 0.</summary>
    public double Drop { get; init; }

    /// <summary>How long everything takes in one direction, on average; default none.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>How far the delay is from its mean at most, evenly spread; not more than the mean, default none.</summary>
    public TimeSpan DelaySpread { get; init; }

    /// <summary>Bits per second in each direction, over all connections of the process together; null for no limit.</summary>
    public long? Bandwidth { get; init; }

    /// <summary>When the devices are cut off from their site; null for never.</summary>
    public Partition? Partition { get; init; }

    /// <summary>Seeds what is random; default 0.</summary>
    public int Seed { get; init; }

    /// <summary>Whether a link has to be slowed down or broken.</summary>
    public bool HasLinkFaults => Drop > 0 || Delay > TimeSpan.Zero || Bandwidth is not null;

    /// <summary>Reads the text.</summary>
    /// <exception cref="FormatException">It is something else; the message says what is allowed.</exception>
    public static NetworkFaults Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var faults = None;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var colon = word.IndexOf(':', StringComparison.Ordinal);
            var name = colon < 0 ? word : word[..colon];
            faults = faults.With(name, colon < 0 ? "" : word[(colon + 1)..], word);
            if (!seen.Add(name))
            {
                throw new FormatException($"The network faults have '{name}' twice: keep one of them.");
            }
        }

        return seen.Count > 0 ? faults
            : throw new FormatException("The network faults are empty: write for example drop:0.02 delay:200ms~50ms bandwidth:1mbit partition:20s@3.");
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join(' ', Words());

    private NetworkFaults With(string name, string value, string word) => name switch
    {
        "drop" => this with { Drop = ReadShare(value, word) },
        "delay" => WithDelay(value, word),
        "bandwidth" => this with { Bandwidth = ReadBandwidth(value, word) },
        "partition" => this with { Partition = ReadPartition(value, word) },
        "seed" => this with { Seed = ReadCount(value) ?? throw Refuse(word, "after 'seed:' comes a whole number, as in seed:7") },
        _ => throw Refuse(word, "the words are drop, delay, bandwidth, partition and seed, each with a colon and its value"),
    };

    private NetworkFaults WithDelay(string value, string word)
    {
        const string Allowed = "write a mean and, if you like, how far from it, as in delay:200ms or delay:200ms~50ms";
        var parts = value.Split('~');
        var mean = ReadDuration(parts[0]) ?? throw Refuse(word, Allowed);
        var spread = parts.Length == 1 ? TimeSpan.Zero : ReadDuration(parts[1]) ?? throw Refuse(word, Allowed);
        return parts.Length > 2 ? throw Refuse(word, Allowed)
            : spread > mean ? throw Refuse(word, "the spread must not be more than the mean, as in delay:200ms~50ms")
            : this with { Delay = mean, DelaySpread = spread };
    }

    private static double ReadShare(string value, string word) =>
        double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var share) && share is >= 0 and <= 1
            ? share
            : throw Refuse(word, "a probability is from 0 to 1, as in drop:0.02");

    private static long ReadBandwidth(string value, string word)
    {
        (string Unit, long Bits)[] units = [("kbit", 1_000), ("mbit", 1_000_000), ("gbit", 1_000_000_000)];
        foreach (var (unit, bits) in units)
        {
            if (value.EndsWith(unit, StringComparison.Ordinal)
                && double.TryParse(value.AsSpan(0, value.Length - unit.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
                && number * bits is >= 1 and < 1e15)
            {
                return (long)(number * bits);
            }
        }

        throw Refuse(word, "a bandwidth is in kbit, mbit or gbit for each second, as in bandwidth:1mbit");
    }

    private static Partition ReadPartition(string value, string word)
    {
        var parts = value.Split('@');
        return parts.Length == 2 && ReadDuration(parts[0]) is { } duration && duration > TimeSpan.Zero && ReadCount(parts[1]) is { } round
            ? new(duration, round)
            : throw Refuse(word, "write for how long and in which round, as in partition:20s@3");
    }

    private static int? ReadCount(string value) => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static TimeSpan? ReadDuration(string value)
    {
        (string Unit, double Milliseconds)[] units = [("ms", 1), ("s", 1_000), ("m", 60_000)];
        foreach (var (unit, milliseconds) in units)
        {
            if (value.EndsWith(unit, StringComparison.Ordinal)
                && double.TryParse(value.AsSpan(0, value.Length - unit.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            {
                return number * milliseconds <= TimeSpan.FromHours(1).TotalMilliseconds ? TimeSpan.FromMilliseconds(number * milliseconds) : null;
            }
        }

        return null;
    }

    private static FormatException Refuse(string word, string sentence) => new($"The network fault '{word}' cannot be used: {sentence}.");

    private IEnumerable<string> Words()
    {
        static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
        if (Drop > 0)
        {
            yield return Text($"drop:{Drop:0.################}");
        }

        if (Delay > TimeSpan.Zero)
        {
            yield return Text($"delay:{Delay.TotalMilliseconds:0.####}ms") + (DelaySpread > TimeSpan.Zero ? Text($"~{DelaySpread.TotalMilliseconds:0.####}ms") : "");
        }

        if (Bandwidth is { } bandwidth)
        {
            yield return Text($"bandwidth:{bandwidth / 1000.0:0.###}kbit");
        }

        if (Partition is { } partition)
        {
            yield return Text($"partition:{partition.Duration.TotalMilliseconds:0.####}ms@{partition.Round}");
        }

        if (Seed > 0)
        {
            yield return Text($"seed:{Seed}");
        }
    }
}

/// <summary>The devices of a site are cut off from it.</summary>
/// <param name="Duration">For how long.</param>
/// <param name="Round">When: as this round reaches them.</param>
public sealed record Partition(TimeSpan Duration, int Round);
