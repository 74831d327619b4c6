using System.Globalization;
using System.Text;

namespace OrleansEdge.Grains.Jobs.Files;

/// <summary>The job file: one YAML document that describes one training run. Its keys are documented by <see cref="JobFileSchema"/>.</summary>
public static class JobFile
{
    /// <summary>The largest file, in bytes of UTF-8. Who reads one from a disk or a network should refuse a larger one before reading it.</summary>
    public const int MaximumBytes = 64 * 1024;

    /// <summary>Reads a job file.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="fileName">The file's name for error messages; nothing is read from it.</param>
    /// <param name="strategies">The strategies that the file may name.</param>
    /// <param name="isOfTier">Whether a site wrote it for the tier below: devices then hold out what the first job says, whoever measures here.</param>
    /// <exception cref="JobFileException">The file has faults; the message has a line for each of them.</exception>
    public static JobDefinition Parse(string text, string fileName, IStrategyDeclarations strategies, bool isOfTier = false)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(strategies);
        var errors = new JobFileErrors(fileName);
        if (text.Length > MaximumBytes || Encoding.UTF8.GetByteCount(text) > MaximumBytes)
        {
            errors.Add(1, $"the file is larger than {MaximumBytes / 1024} KiB, so it is no job file: check its name");
            errors.ThrowIfAny();
        }

        var root = YamlTree.Read(text.TrimStart('\uFEFF'), errors);
        if (root is null or YamlScalar { IsEmpty: true })
        {
            if (errors.IsEmpty)
            {
                errors.Add(1, "the file is empty: a job file has at least the keys job, model, data and rounds");
            }

            errors.ThrowIfAny();
        }

        var schema = new JobSchema(strategies);
        var values = JobFileReader.Read(root!, schema, errors);
        return new JobFileBuilder(values, schema, strategies, errors).Build(isOfTier);
    }

    /// <summary>Writes the canonical file of a job, every default spelled out, which <see cref="Parse"/> reads as an equal definition.</summary>
    public static string Write(JobDefinition job)
    {
        ArgumentNullException.ThrowIfNull(job);
        var yaml = new StringBuilder();
        Write(yaml, job, new JobSchema(new OneStrategy(job.Strategy)), "");
        if (job.Tier is not null)
        {
            yaml.Append(CultureInfo.InvariantCulture, $"{TierKeys.List}:\n");
        }

        for (var below = job.Below; below is not null; below = below.Below)
        {
            var start = yaml.Length;
            Write(yaml, below, new JobSchema(new OneStrategy(below.Strategy), isTier: true), Indent(1));
            yaml[start] = '-';
        }

        return yaml.ToString();
    }

    private static void Write(StringBuilder yaml, JobDefinition job, JobSchema schema, string margin)
    {
        string[] open = [];
        foreach (var key in schema.Keys.SelectMany(key => key == schema.Strategy ? schema.OptionsOf(job.Strategy.Name).Prepend<JobKey>(key) : [key]))
        {
            if (key.Write(job) is not { } text)
            {
                continue;
            }

            string[] sections = key.Section.Length == 0 ? [] : key.Section.Split('.');
            for (var depth = 0; depth < sections.Length; depth++)
            {
                if (!open.Take(depth + 1).SequenceEqual(sections.Take(depth + 1)))
                {
                    yaml.Append(CultureInfo.InvariantCulture, $"{margin}{Indent(depth)}{sections[depth]}:\n");
                }
            }

            open = sections;
            yaml.Append(CultureInfo.InvariantCulture, $"{margin}{Indent(sections.Length)}{key.Name}: {(key.Kind.IsText ? Quote(text) : text)}\n");
        }
    }

    private static string Indent(int depth) => new(' ', 2 * depth);

    // Plain where YAML cannot take it for anything but text; otherwise in single quotes, in which only the quote itself is special.
    private static string Quote(string text) =>
        char.IsAsciiLetterOrDigit(text[0]) && text[^1] != ':' && text.All(IsPlain) && !new YamlScalar(1, text, IsQuoted: false).IsEmpty
            ? text
            : $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    private static bool IsPlain(char character) => char.IsAsciiLetterOrDigit(character) || "-_./@:,".Contains(character);

    /// <summary>The declarations that writing needs: a job's strategy with the options that it has.</summary>
    private sealed class OneStrategy(JobStrategy strategy) : IStrategyDeclarations
    {
        public IReadOnlyList<string> Names => [strategy.Name];

        public string SummaryOf(string strategy) => "";

        public IReadOnlyList<StrategyOptionDeclaration> OptionsOf(string name) =>
            [.. strategy.Options.Select(option => Declare(option.Key, option.Value))];

        public int MinimumContributions(string strategy, IReadOnlyDictionary<string, double> options) => 1;

        private static StrategyOptionDeclaration Declare(string name, double value) =>
            new(name, value, value, value, IsInteger: Math.Abs(value) < long.MaxValue && value == Math.Truncate(value), "");
    }
}
