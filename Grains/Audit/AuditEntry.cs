using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using OrleansEdge.Contracts.Identifiers;

namespace OrleansEdge.Grains.Audit;

/// <summary>Something that is on record.</summary>
/// <param name="Who">Who did it: an operator's name, a participant's id, or <c>anonymous</c>.</param>
/// <param name="What">What was done, in two or three words that name no one, such as <c>enrol device</c> or <c>POST /api/jobs/digits/stop</c>.</param>
/// <param name="Outcome">What came of it.</param>
/// <param name="Subject">To whom or to what; null where <paramref name="What"/> says it all.</param>
/// <param name="From">From where: an address, or what is known where that is not; null for the site itself.</param>
/// <param name="Detail">One sentence; never a secret. Null for none.</param>
public sealed record AuditEntry(
    string Who,
    string What,
    AuditOutcome Outcome,
    string? Subject = null,
    string? From = null,
    string? Detail = null)
{
    /// <summary>The same in texts that stay on their lines and have an end: strangers wrote some of what is in them.</summary>
    internal AuditEntry Clean(int longest)
    {
        return this with { Who = Of(Who), What = Of(What), Subject = Of(Subject), From = Of(From), Detail = Of(Detail) };

        [return: NotNullIfNotNull(nameof(text))]
        string? Of(string? text) => text is null ? null : PrintableText.Clean(text, longest);
    }
}

/// <summary>What came of it.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AuditOutcome>))]
public enum AuditOutcome
{
    /// <summary>Written before it is done: what follows says how it ended, unless the site died.</summary>
    Begun = 0,

    /// <summary>Done.</summary>
    Done = 1,

    /// <summary>Allowed, and not done.</summary>
    Failed = 2,

    /// <summary>Not allowed.</summary>
    Denied = 3,
}

/// <summary>An entry as it is stored.</summary>
/// <param name="At">When; of several that are counted together, the first.</param>
/// <param name="Entry">What.</param>
/// <param name="Count">How often; more than once only for denials.</param>
public sealed record AuditRecord(DateTimeOffset At, AuditEntry Entry, long Count = 1);
