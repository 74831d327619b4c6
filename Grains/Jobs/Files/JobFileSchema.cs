using System.Globalization;
using System.Text;

namespace OrleansEdge.Grains.Jobs.Files;

/// <summary>The documentation of one key.</summary>
/// <param name="Path">The key with its sections: <c>training.batchSize</c>.</param>
/// <param name="Type">The kind of value, with its article.</param>
/// <param name="Allowed">Which values; empty where the type says it all.</param>
/// <param name="Default">The default; empty where the key is required.</param>
/// <param name="Summary">What the key says.</param>
public sealed record JobFileKey(string Path, string Type, string Allowed, string Default, string Summary);

/// <summary>The documentation of the job file, from the declarations by which it is read.</summary>
public static class JobFileSchema
{
    private const string Introduction =
        """
        # The job file

        <!-- Generated from the declarations in Grains/Jobs/Files. A test compares; to write it anew run the tests with UPDATE_DOCUMENTS=1. -->

        A job file describes one training run in YAML. The smallest one:

        ```yaml
        job: digits
        model: niid-cnn
        data: digits
        rounds: 5
        ```

        `infra/jobs/` holds annotated examples. Every fault is reported at once, each with its line. A file has at most 64 KiB and one
        document; anchors, aliases and tags are not used, and numbers stand without quotes.
        """;

    private const string Rules =
        """
        ## What must fit together

        - `model` or `from` must be given. With both, the network must be that of the version.
        - `participants.perRound` and `participants.fraction` exclude each other.
        - `participants.overSelection` above 1 needs `perRound` as a number, or `fraction`.
        - `quorum` is at most `participants.perRound`, and `participants.minimum` is large enough for it (with a fraction, the fraction of it is).
        - The fewest updates with which a round may close are enough for the strategy.
        - `momentum` belongs to sgd, `beta1` and `beta2` to adam.
        - `training.localEpochs` and `training.localSteps` exclude each other.
        - `evaluation.heldOut` belongs to `mode: federated`, and is above 0 there.
        """;

    /// <summary>All keys but the strategies' options, in the order of the canonical file.</summary>
    public static IReadOnlyList<JobFileKey> Keys(IStrategyDeclarations strategies) => [.. new JobSchema(strategies).Keys.Select(Document)];

    /// <summary>The page that documents the job file, in Markdown.</summary>
    public static string Markdown(IStrategyDeclarations strategies)
    {
        ArgumentNullException.ThrowIfNull(strategies);
        var schema = new JobSchema(strategies);
        var page = new StringBuilder(Introduction.ReplaceLineEndings("\n")).Append('\n');
        foreach (var section in JobSchema.Sections)
        {
            Heading(page, section.Path.Length == 0 ? "## Keys" : $"## `{section.Path}`", section.Path.Length == 0 ? null : section.Summary);
            if (section.Shorthand is { } shorthand)
            {
                page.Append(CultureInfo.InvariantCulture, $"`{section.Name}: VALUE` is short for `{section.Name}: {{{shorthand}: VALUE}}`.\n\n");
            }

            Table(page, schema.KeysOf(section), schema.SectionsIn(section));
            if (section.Path == JobSchema.StrategySection)
            {
                Strategies(page, schema, strategies);
            }
        }

        Tiers(page, new JobSchema(strategies, isTier: true));
        return page.Append('\n').Append(Rules.ReplaceLineEndings("\n")).Append('\n').ToString();
    }

    private static void Tiers(StringBuilder page, JobSchema tier)
    {
        Heading(page, $"## `{TierKeys.List}`", "How the sites below run the job among their own participants");
        page.Append(
            $"A list of at most {TierKeys.Most} tiers, the nearest first, needed where participants are sites; an empty tier (`- {{}}`) has all defaults. " +
            "Training options are the devices' and stand above. Each tier has the keys\n\n");
        Table(page, tier.KeysOf(JobSchema.Sections[0]), []);
        page.Append(
            "\nand, as above, `strategy`, `participants`, `staleness` and `evaluation` (`mode`, by default `none`, and `every`), which measures the versions of the site itself.\n");
    }

    private static void Strategies(StringBuilder page, JobSchema schema, IStrategyDeclarations strategies)
    {
        foreach (var name in strategies.Names)
        {
            var options = schema.OptionsOf(name).ToList();
            Heading(page, $"### `{name}`", strategies.SummaryOf(name).TrimEnd('.'));
            page.Append(CultureInfo.InvariantCulture, $"{LeastUpdates(strategies, name, options)}\n");
            if (options.Count > 0)
            {
                page.Append('\n');
                Table(page, options, []);
            }
        }
    }

    private static string LeastUpdates(IStrategyDeclarations strategies, string name, List<JobKey<double>> options)
    {
        var defaults = options.ToDictionary(option => option.Name, option => option.Default, StringComparer.Ordinal);
        var least = strategies.MinimumContributions(name, defaults);
        return options.Count == 0
            ? $"Updates needed: {least} or more. It has no options."
            : $"Updates needed: {least} or more with the default options.";
    }

    private static void Heading(StringBuilder page, string heading, string? summary) =>
        page.Append(CultureInfo.InvariantCulture, $"\n{heading}\n\n{(summary is null ? "" : $"{summary}.\n\n")}");

    private static void Table(StringBuilder page, IEnumerable<JobKey> keys, IEnumerable<JobSection> sections)
    {
        page.Append("| key | value | default | meaning |\n|---|---|---|---|\n");
        foreach (var key in keys)
        {
            var initial = key.IsRequired ? "required" : key.DefaultNote ?? $"`{key.DefaultText}`";
            page.Append(CultureInfo.InvariantCulture, $"| `{key.Name}` | {key.Kind.Description} | {initial} | {key.Summary} |\n");
        }

        foreach (var section in sections)
        {
            var value = section.Shorthand is null ? "keys of its own" : $"keys of its own, or the value of `{section.Shorthand}`";
            var anchor = section.Path.Replace(".", "", StringComparison.Ordinal);
            page.Append(CultureInfo.InvariantCulture, $"| `{section.Name}` | {value} | theirs | {section.Summary}: see [below](#{anchor}) |\n");
        }
    }

    private static JobFileKey Document(JobKey key) => new(key.Path, key.Kind.Noun, key.Kind.Allowed, key.DefaultText, key.Summary);
}
