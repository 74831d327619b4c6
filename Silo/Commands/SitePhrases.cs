using System.Globalization;
using OrleansEdge.Contracts.Sites;
using OrleansEdge.Silo.Web;

namespace OrleansEdge.Silo.Commands;

/// <summary>How sites and their links are said to people.</summary>
internal static class SitePhrases
{
    /// <summary>What a site does in a job.</summary>
    public static string Work(SiteJob job) =>
        $"round {job.ParentRound} of its parent, {Phrases.Count(job.Rounds, "round")} of its own{Part(job.AutonomousRounds, "by itself")}, " +
        $"{Phrases.Count(job.UpdatesAccepted, "update")} accepted{Part(job.StaleUpdatesAccepted, "stale")}" +
        (job.Accuracy is { } accuracy ? $", accuracy {Phrases.Of(accuracy)}" : "");

    /// <summary>A link, as the site below it sees it.</summary>
    public static string Link(SiteLink link, DateTimeOffset now) =>
        $"link up for {Phrases.Duration(now - link.Since)}, {RoundTrip(link.RoundTripMilliseconds)}, {Phrases.Bytes(link.BytesUp)} up, {Phrases.Bytes(link.BytesDown)} down";

    /// <summary>A time on the way.</summary>
    public static string RoundTrip(double milliseconds) => string.Create(CultureInfo.InvariantCulture, $"{milliseconds:0.#} ms");

    /// <summary>Whether a site is heard of.</summary>
    public static string State(SiteBelow site, DateTimeOffset now) =>
        site.SilentSince is { } since ? $"silent for {Phrases.Duration(now - since)}" : "alive";

    /// <summary>The link to the site above, in one sentence.</summary>
    public static string Uplink(UplinkAnswer uplink, DateTimeOffset now)
    {
        if (uplink.Parent is not { } parent)
        {
            return "none: this site has no parent ('serve --parent URL' gives it one)";
        }

        var name = uplink.ParentName is { } known ? $"'{known}' at {parent}" : $"{parent}";
        var since = Phrases.Duration(now - uplink.Since);
        var trouble = uplink.Trouble is { } sentence ? $"; {sentence.TrimEnd('.')}" : "";
        return uplink.Connected
            ? $"{name}, connected for {since}, {RoundTrip(uplink.RoundTripMilliseconds)}, {Phrases.Bytes(uplink.BytesUp)} up, {Phrases.Bytes(uplink.BytesDown)} down{trouble}"
            : $"{name}, not connected for {since}{trouble}";
    }

    private static string Part(int number, string what) => number == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" ({number} {what})");
}
