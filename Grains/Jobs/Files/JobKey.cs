namespace OrleansEdge.Grains.Jobs.Files;

/// <summary>
/// The declaration of one key of a job file, from which it is read, written and documented. A key has a path (<c>training.batchSize</c>)
/// whose first part is the section that it stands in.
/// </summary>
internal abstract class JobKey(string path)
{
    public string Path { get; } = path;

    public string Section { get; } = path.LastIndexOf('.') is var dot && dot < 0 ? "" : path[..dot];

    public string Name { get; } = path[(path.LastIndexOf('.') + 1)..];

    /// <summary>What the key says, in a sentence without a full stop.</summary>
    public required string Summary { get; init; }

    public bool IsRequired { get; init; }

    /// <summary>The default in words, where it depends on other keys; null to show the value.</summary>
    public string? DefaultNote { get; init; }

    /// <summary>Words that people write for this key, for the suggestion in an error.</summary>
    public IReadOnlyList<string> OtherWords { get; init; } = [];

    public abstract ValueKind Kind { get; }

    /// <summary>The default for people; empty where the key is required.</summary>
    public abstract string DefaultText { get; }

    /// <summary>The value of <paramref name="scalar"/>; false where it is not of this key's kind.</summary>
    public abstract bool TryRead(YamlScalar scalar, out object? value);

    /// <summary>The text of the key in the canonical file of <paramref name="job"/>; null where it is left out.</summary>
    public abstract string? Write(JobDefinition job);
}

/// <inheritdoc/>
internal sealed class JobKey<T>(string path, ValueKind<T> kind) : JobKey(path)
{
    /// <summary>The key's value in a definition.</summary>
    public required Func<JobDefinition, T> Value { get; init; }

    /// <summary>Whether the canonical file of a definition has the key; by default it has.</summary>
    public Func<JobDefinition, bool> IsWritten { get; init; } = _ => true;

    /// <summary>The value where the file gives none.</summary>
    public T? Default { get; init; }

    public override ValueKind Kind => kind;

    public override string DefaultText => IsRequired ? "" : DefaultNote ?? kind.Write(Default!);

    public override bool TryRead(YamlScalar scalar, out object? value)
    {
        value = null;
        if (scalar.IsEmpty || (scalar.IsQuoted && !kind.IsText) || !kind.TryRead(scalar.Text, out var typed))
        {
            return false;
        }

        value = typed;
        return true;
    }

    public override string? Write(JobDefinition job) => IsWritten(job) ? kind.Write(Value(job)) : null;
}
