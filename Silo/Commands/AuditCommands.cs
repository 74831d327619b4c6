using System.CommandLine;
using System.Globalization;
using OrleansEdge.Grains.Audit;

namespace OrleansEdge.Silo.Commands;

/// <summary><c>audit</c>: who did what.</summary>
internal static class AuditCommands
{
    private const int HashLength = 64;

    /// <summary>The noun with all its verbs.</summary>
    public static Command Create()
    {
        var audit = Commands.Create("audit", "Show who did what at a running site, and whether that record is whole; for admins", "audit show", "audit verify");
        CommandContext.AddOptions(audit);
        audit.Subcommands.Add(Show());
        audit.Subcommands.Add(Verify());
        return audit;
    }

    private static Command Show()
    {
        var last = new Option<int>("--last") { Description = "How many records", DefaultValueFactory = _ => 50, HelpName = "NUMBER" };
        var show = Commands.Create("show", "Show the last records, the newest first", "audit show", "audit show --last 1000 --json");
        show.Options.Add(last);
        CommandContext.SetAction(show, async (context, parse, cancellation) =>
        {
            var records = await context.Site.GetAudit(parse.GetValue(last), cancellation);
            context.Terminal.Result(records, terminal => terminal.Table(["WHEN", "WHO", "WHAT", "OUTCOME", "FROM", "TIMES", "DETAIL"], records.Select(Row)));
        });
        return show;
    }

    private static Command Verify()
    {
        var head = new Option<string?>("--head")
        {
            Description = "What an earlier 'audit verify' has printed as the end: also finds an end that was cut off since",
            HelpName = "NUMBER:HASH",
        };
        var verify = Commands.Create(
            "verify", "Look whether a record was changed, left out, moved or put in, and whether the end is there that this machine remembers",
            "audit verify", "audit verify --head 42:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08");
        verify.Options.Add(head);
        CommandContext.SetAction(verify, async (context, parse, cancellation) =>
        {
            var examination = await context.Site.VerifyAudit(parse.GetValue(head) is { } text ? ParseHead(text) : null, cancellation);
            context.Terminal.Result(examination, terminal => Print(terminal, examination));
            return examination.Faults.IsEmpty ? ExitCodes.Done : ExitCodes.Failed;
        });
        return verify;
    }

    private static string[] Row(AuditRecord record) =>
    [
        record.At.ToString("yyyy-MM-dd HH:mm:ssZ", CultureInfo.InvariantCulture), record.Entry.Who,
        record.Entry.Subject is { } subject ? $"{record.Entry.What} {subject}" : record.Entry.What,
        record.Entry.Outcome.ToString().ToLowerInvariant(), record.Entry.From ?? "", record.Count.ToString(CultureInfo.InvariantCulture), record.Entry.Detail ?? "",
    ];

    private static void Print(Terminal terminal, AuditExamination examination)
    {
        foreach (var fault in examination.Faults)
        {
            terminal.Line(fault);
        }

        terminal.Line(examination.Faults.IsEmpty
            ? $"The audit log is whole: {Phrases.Count(examination.Records, "record")} in {Phrases.Count(examination.Head.Sequence, "block")}."
            : $"The audit log is NOT whole: {Phrases.Count(examination.Faults.Length, "fault")}.");
        terminal.Line(string.Create(CultureInfo.InvariantCulture, $"Its end is {examination.Head.Sequence}:{examination.Head.Hash}"));
        terminal.Line("Keep that elsewhere: with --head it shows later whether anything before it was changed or cut off.");
    }

    private static AuditHead ParseHead(string text)
    {
        var parts = text.Split(':');
        return parts.Length == 2 && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
            && parts[1].Length == HashLength && parts[1].All(char.IsAsciiHexDigitLower)
                ? new(sequence, parts[1])
                : throw new FormatException($"'{text}' is not the end of an audit log: write NUMBER:HASH as 'audit verify' prints it.");
    }
}
