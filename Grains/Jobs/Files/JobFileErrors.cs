using OrleansEdge.Contracts.Identifiers;

namespace OrleansEdge.Grains.Jobs.Files;

/// <summary>One fault of a job file.</summary>
/// <param name="Line">The line, from 1.</param>
/// <param name="Message">What is wrong and what is allowed, without the file and the line.</param>
public sealed record JobFileError(int Line, string Message);

/// <summary>A job file cannot be used. The message has one line for each fault: <c>file:line: what is wrong</c>.</summary>
public sealed class JobFileException : Exception
{
    /// <summary>The most faults that the message lists.</summary>
    internal const int MaximumListed = 50;

    internal JobFileException(string fileName, IReadOnlyList<JobFileError> errors) : base(Describe(fileName, errors)) => Errors = errors;

    /// <summary>All faults, by line.</summary>
    public IReadOnlyList<JobFileError> Errors { get; }

    private static string Describe(string fileName, IReadOnlyList<JobFileError> errors)
    {
        var lines = errors.Take(MaximumListed).Select(error => $"{fileName}:{error.Line}: {error.Message}");
        return string.Join('\n', errors.Count > MaximumListed ? lines.Append($"{fileName}: and {errors.Count - MaximumListed} more errors") : lines);
    }
}

/// <summary>Collects the faults of one file.</summary>
internal sealed class JobFileErrors(string fileName)
{
    private const int MaximumQuoted = 60;
    private readonly List<JobFileError> errors = [];

    public bool IsEmpty => errors.Count == 0;

    public void Add(int line, string message) => errors.Add(new(line, message));

    /// <exception cref="JobFileException">There are faults.</exception>
    public void ThrowIfAny()
    {
        if (errors.Count > 0)
        {
            throw new JobFileException(fileName, [.. errors.OrderBy(error => error.Line)]);
        }
    }

    /// <summary>Text of the file in quotes, short and safe on a terminal: a job file may hold escapes that would command it.</summary>
    public static string Quote(string text) => $"'{PrintableText.Clean(text, MaximumQuoted)}'";
}
