using System.CommandLine;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Grains.Retention.Marking;
using OrleansEdge.Silo.Web;

namespace OrleansEdge.Silo.Commands;

/// <summary><c>models prune</c>.</summary>
internal static class PruneCommand
{
    /// <summary>Makes the verb.</summary>
    public static Command Create()
    {
        var name = new Argument<string>("NAME") { Description = "The model" };
        var keepLast = new Option<int?>("--keep-last")
        {
            Description = $"How many of the newest versions are kept. Default: what the site is configured to keep, or else {ModelPruning.DefaultKeepLast}",
            HelpName = "NUMBER",
        };
        var keepBest = new Option<string?>("--keep-best") { Description = "Keep the best version, too: by accuracy or by loss", HelpName = "METRIC" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Only say what would be pruned, and what room it would make" };
        var prune = Commands.Create(
            "prune", "Give up old versions for good, and delete what nothing refers to; the newest and the promoted ones, and what a running job needs, are kept",
            "models prune digits --dry-run", "models prune digits --keep-last 5 --keep-best accuracy");
        prune.Arguments.Add(name);
        prune.Options.Add(keepLast);
        prune.Options.Add(keepBest);
        prune.Options.Add(dryRun);
        CommandContext.SetAction(prune, async (context, parse, cancellation) =>
        {
            var answer = await context.Site.Prune(
                ModelName.Parse(parse.GetRequiredValue(name)), parse.GetValue(keepLast), parse.GetValue(keepBest), parse.GetValue(dryRun), cancellation);
            context.Terminal.Result(answer, terminal => Show(terminal, answer));
        });
        return prune;
    }

    private static void Show(Terminal terminal, PruneAnswer answer)
    {
        terminal.Table(["KEPT", "BECAUSE IT IS"], answer.Kept.Select(kept => new[] { kept.Id.ToString(), Phrase(kept.Reason) }));
        terminal.Line();
        var collected = answer.Collected;
        var content = $"{Phrases.Count(collected.Blobs, "blob")} of {Phrases.Bytes(collected.Bytes)}";
        terminal.Line(answer.DryRun
            ? $"{Phrases.Count(answer.Pruned.Length, "version")} would be pruned, and {content} deleted; nothing was done."
            : $"{Phrases.Count(answer.Pruned.Length, "version")} pruned, {content} deleted.");
        if (collected.LaterBlobs > 0)
        {
            terminal.Line($"{Phrases.Count(collected.LaterBlobs, "blob")} of {Phrases.Bytes(collected.LaterBytes)} that nothing refers to "
                + $"{(collected.LaterBlobs == 1 ? "is" : "are")} kept until {Phrases.Duration(answer.Grace)} after {(collected.LaterBlobs == 1 ? "it was" : "they were")} last stored.");
        }
    }

    private static string Phrase(KeepReason reason) => reason switch
    {
        KeepReason.Head => "the newest",
        KeepReason.Promoted => "promoted, now or before",
        KeepReason.InUse => "needed by a running job",
        KeepReason.Best => "the best",
        _ => "one of the newest",
    };
}
