namespace OrleansEdge.Participation.Doctor;

/// <summary>How bad it is.</summary>
internal enum Severity
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>It works, and will not for ever; or it could not be looked at.</summary>
    Warning,

    /// <summary>It does not work.</summary>
    Problem,
}

/// <summary>What a check has found on this machine.</summary>
/// <param name="Severity">How bad it is.</param>
/// <param name="Subject">Of what, in a word or two.</param>
/// <param name="Sentence">What is so, and what to do where it should not be; begins with a capital and ends with a full stop.</param>
internal sealed record Finding(Severity Severity, string Subject, string Sentence)
{
    private static readonly int Width = Enum.GetNames<Severity>().Max(name => name.Length);

    /// <summary>The word for the severity.</summary>
    public string Word => Severity.ToString().ToLowerInvariant();

    /// <summary>As it should be.</summary>
    public static Finding Ok(string subject, string sentence) => new(Severity.Ok, subject, sentence);

    /// <summary>It works for now.</summary>
    public static Finding Warning(string subject, string sentence) => new(Severity.Warning, subject, sentence);

    /// <summary>It does not work.</summary>
    public static Finding Problem(string subject, string sentence) => new(Severity.Problem, subject, sentence);

    /// <summary>One line for a person.</summary>
    public override string ToString() => $"{Word.PadRight(Width)}  {Subject}: {Sentence}";
}

/// <summary>Looks at one thing of this machine, and changes nothing that lasts.</summary>
internal interface IDoctorCheck
{
    /// <summary>What there is to say; one finding, or one for each thing of the same kind.</summary>
    Task<IReadOnlyList<Finding>> Look(CancellationToken cancellation);
}
