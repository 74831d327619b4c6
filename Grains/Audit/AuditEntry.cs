using System.Text.Json.Serialization;

namespace OrleansEdge.Grains.Audit;

/// <summary>Something that is on record.</summary>
/// <param name="Who">Who did it: an operator's name, a participant's id, or <c>anonymous</c>.</param>
/// <param name="What">What was done, in two or three words that name no one, such as <c>enrol device</c> or <c>POST /api/jobs/digits/stop</c>.</param>
/// <param name="Outcome">What came of it.</param>
/// <param name="Subject">To whom or to what; null where <paramref name="What"/> says it all.</param>
/// <param name="From">From where: an address; null for the site itself.</param>
/// <param name="Detail">One sentence; never a secret. Null for none.</param>
public sealed record AuditEntry(
    string Who,
    string What,
    AuditOutcome Outcome,
    string? Subject = null,
    string? From = null,
    string? Detail = null);

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
