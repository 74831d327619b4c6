namespace OrleansEdge.Grains.Jobs.Files;

/// <summary>Walks a file's tree by the schema, and reports every key that does not belong and every value that does not fit.</summary>
internal sealed class JobFileReader
{
    private readonly JobSchema schema;
    private readonly JobFileErrors errors;
    private readonly JobFileValues values;

    private JobFileReader(JobSchema schema, JobFileErrors errors, int firstLine) =>
        (this.schema, this.errors, values) = (schema, errors, new(firstLine));

    /// <summary>All values of the file that fit.</summary>
    public static JobFileValues Read(YamlNode root, JobSchema schema, JobFileErrors errors)
    {
        var reader = new JobFileReader(schema, errors, root.Line);
        reader.ReadSection(JobSchema.Sections[0], root);
        return reader.values;
    }

    private void ReadSection(JobSection section, YamlNode node)
    {
        var keys = schema.KeysOf(section).ToList();
        var strategy = section.Path == JobSchema.StrategySection ? StrategyIn(node) : null;
        keys.AddRange(strategy is null ? [] : schema.OptionsOf(strategy));

        if (node is YamlMapping mapping)
        {
            ReadEntries(section, keys, mapping, acceptsUnknown: strategy is { } name && !schema.Strategy.TryRead(new(1, name, true), out _));
        }
        else if (node is YamlScalar scalar && (scalar.IsEmpty || section.Shorthand is not null))
        {
            if (!scalar.IsEmpty)
            {
                ReadValue(keys.First(key => key.Name == section.Shorthand), section.Path, scalar.Line, scalar);
            }
        }
        else
        {
            RefuseSection(section, keys, node);
        }

        foreach (var key in keys.Where(key => key.IsRequired && !values.IsGiven(key) && values.AreSound(key)))
        {
            errors.Add(node.Line, $"'{key.Path}' is missing: it must be {key.Kind.Description}");
            values.SetFaulty(key);
        }
    }

    private void ReadEntries(JobSection section, List<JobKey> keys, YamlMapping mapping, bool acceptsUnknown)
    {
        foreach (var entry in mapping.Entries)
        {
            if (keys.Find(key => key.Name == entry.Key) is { } key)
            {
                ReadValue(key, key.Path, entry.Line, entry.Value);
            }
            else if (section.Path.Length == 0 && !schema.IsTier && entry.Key == TierKeys.List)
            {
                values.Tiers = entry.Value;
            }
            else if (schema.SectionsIn(section).FirstOrDefault(inner => inner.Name == entry.Key) is { } inner)
            {
                ReadSection(inner, entry.Value);
            }
            else if (!acceptsUnknown)
            {
                // The options of a strategy that does not exist are unknown for no fault of theirs.
                errors.Add(entry.Line, Suggestions.UnknownKey(entry.Key, section, keys, schema));
            }
        }
    }

    private void ReadValue(JobKey key, string path, int line, YamlNode node)
    {
        if (node is YamlScalar scalar && key.TryRead(scalar, out var value))
        {
            values.Set(key, value, line);
            return;
        }

        values.SetFaulty(key);
        if (node is not YamlRefused)
        {
            errors.Add(line, $"'{path}' must be {key.Kind.Description}, not {Describe(node, key.Kind)}");
        }
    }

    private void RefuseSection(JobSection section, List<JobKey> keys, YamlNode node)
    {
        keys.ForEach(values.SetFaulty);
        if (node is not YamlRefused)
        {
            var names = string.Join(", ", keys.Select(key => key.Name).Concat(schema.SectionsIn(section).Select(inner => inner.Name)));
            var subject = section.Path.Length == 0 ? schema.Subject : $"'{section.Path}'";
            errors.Add(node.Line, $"{subject} must be a mapping with the keys {names}, not {Describe(node, null)}");
        }
    }

    private string StrategyIn(YamlNode node) => node switch
    {
        YamlScalar { IsEmpty: false } scalar => scalar.Text,
        YamlMapping mapping when mapping.Entries.FirstOrDefault(entry => entry.Key == schema.Strategy.Name) is { } entry =>
            entry.Value is YamlScalar scalar ? scalar.Text : "",
        _ => JobSchema.DefaultStrategy,
    };

    private static string Describe(YamlNode node, ValueKind? kind) => node switch
    {
        YamlScalar { IsEmpty: true } => "empty",
        YamlScalar { IsQuoted: true } scalar when kind is { IsText: false } => $"the text {JobFileErrors.Quote(scalar.Text)} in quotes",
        YamlScalar scalar => JobFileErrors.Quote(scalar.Text),
        YamlMapping => "a mapping",
        _ => "a list",
    };
}
