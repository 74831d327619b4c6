using System.Globalization;
using OrleansEdge.Contracts.Data;

namespace OrleansEdge.EdgeAgent.Data;

/// <summary>Where data come from.</summary>
internal enum DataKind
{
    /// <summary>The MNIST images, in IDX files.</summary>
    Mnist = 0,

    /// <summary>A table in a text file.</summary>
    Csv = 1,

    /// <summary>Images of digits made in code.</summary>
    Generated = 2,
}

/// <summary>
/// Data as a user writes them: <c>mnist:FOLDER</c>, <c>mnist</c>, <c>csv:FILE?label=COLUMN[&amp;test=FILE][&amp;kind=classification|regression]</c>
/// or <c>generated[:EXAMPLES]</c>, each with <c>?first=N</c> if wanted. Values of options are percent-decoded; folder and file are not.
/// </summary>
internal sealed record DataSpecification
{
    /// <summary>The training examples of <c>generated</c> where the user names no number.</summary>
    public const int DefaultExamples = 6000;

    /// <summary>The most training examples that <c>generated</c> makes.</summary>
    public const int MaximumExamples = 1_000_000;

    private const string Forms = "mnist:FOLDER, mnist, csv:FILE?label=COLUMN or generated[:EXAMPLES]";

    /// <summary>Where the data come from.</summary>
    public required DataKind Kind { get; init; }

    /// <summary>The folder of MNIST's files (null: the download's cache), or the CSV file.</summary>
    public string? Path { get; init; }

    /// <summary>For CSV, the column that is predicted.</summary>
    public string? Label { get; init; }

    /// <summary>For CSV, the file with the test set; null where there is none.</summary>
    public string? TestPath { get; init; }

    /// <summary>For CSV, what is predicted; null lets the label column decide.</summary>
    public TaskKind? TaskKind { get; init; }

    /// <summary>Limits the training set to its first examples; null takes all.</summary>
    public int? First { get; init; }

    /// <summary>For <c>generated</c>, the number of training examples.</summary>
    public int Examples { get; init; } = DefaultExamples;

    /// <summary>For <c>generated</c>, seeds the images; default 0.</summary>
    public ulong Seed { get; init; }

    /// <summary>Reads a specification.</summary>
    /// <exception cref="DataException">The text is no specification; the message says what is allowed.</exception>
    public static DataSpecification Parse(string text)
    {
        var question = text.IndexOf('?', StringComparison.Ordinal);
        var options = question < 0 ? "" : text[(question + 1)..];
        var source = question < 0 ? text : text[..question];
        var colon = source.IndexOf(':', StringComparison.Ordinal);
        var kind = colon < 0 ? source : source[..colon];
        var place = colon < 0 ? null : source[(colon + 1)..];
        if (place is { Length: 0 })
        {
            throw new DataException($"The data '{text}' name nothing after the colon: write {Forms}.");
        }

        var specification = kind switch
        {
            "mnist" => new DataSpecification { Kind = DataKind.Mnist, Path = place },
            "csv" => new DataSpecification
            {
                Kind = DataKind.Csv,
                Path = place ?? throw new DataException($"The data '{text}' name no file: write csv:FILE?label=COLUMN."),
            },
            "generated" => new DataSpecification
            {
                Kind = DataKind.Generated,
                Examples = place is null ? DefaultExamples : ParseCount(text, "The number of examples", place, MaximumExamples),
            },
            _ => throw new DataException($"'{text}' is no kind of data: write {Forms}."),
        };
        specification = ApplyOptions(text, specification, options);
        return specification is { Kind: DataKind.Csv, Label: null }
            ? throw new DataException($"The data '{text}' do not say which column is predicted: write csv:{place}?label=COLUMN.")
            : specification;
    }

    private static DataSpecification ApplyOptions(string text, DataSpecification specification, string options)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var option in options.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = option.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? option : option[..equals];
            var value = equals < 0 ? "" : Uri.UnescapeDataString(option[(equals + 1)..]);
            if (!seen.Add(name))
            {
                throw new DataException($"The data '{text}' give the option '{name}' twice: give it once.");
            }

            if (value.Length == 0)
            {
                throw new DataException($"The option '{name}' of the data '{text}' has no value: write {name}=VALUE.");
            }

            specification = Apply(text, specification, name, value);
        }

        return specification;
    }

    private static DataSpecification Apply(string text, DataSpecification specification, string name, string value) =>
        (specification.Kind, name) switch
        {
            (_, "first") => specification with { First = ParseCount(text, "The option 'first'", value, int.MaxValue) },
            (DataKind.Csv, "label") => specification with { Label = value },
            (DataKind.Csv, "test") => specification with { TestPath = value },
            (DataKind.Csv, "kind") => specification with
            {
                TaskKind = value switch
                {
                    "classification" => Contracts.Data.TaskKind.Classification,
                    "regression" => Contracts.Data.TaskKind.Regression,
                    _ => throw new DataException($"The option 'kind' of the data '{text}' is '{value}': use classification or regression."),
                },
            },
            (DataKind.Generated, "seed") => specification with
            {
                Seed = ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seed)
                    ? seed
                    : throw new DataException($"The option 'seed' of the data '{text}' is '{value}': use a whole number from 0 to {ulong.MaxValue}."),
            },
            _ => throw new DataException($"The data '{text}' have an unknown option '{name}': {Allowed(specification.Kind)}."),
        };

    private static string Allowed(DataKind kind) => kind switch
    {
        DataKind.Csv => "csv takes label, test, kind and first",
        DataKind.Generated => "generated takes first and seed",
        _ => "mnist takes first",
    };

    private static int ParseCount(string text, string what, string value, int most) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count >= 1 && count <= most
            ? count
            : throw new DataException($"{what} of the data '{text}' is '{value}': use a whole number from 1 to {most}.");
}
