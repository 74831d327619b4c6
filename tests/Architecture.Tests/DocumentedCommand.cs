using System.Text.RegularExpressions;

namespace OrleansEdge.Architecture.Tests;

/// <summary>A command line of this repository's programs, as a document shows it.</summary>
/// <param name="Place">Where it stands.</param>
/// <param name="Project">What is given to <c>--project</c>.</param>
/// <param name="Arguments">What follows the <c>--</c>.</param>
internal sealed partial record DocumentedCommand(string Place, string Project, IReadOnlyList<string> Arguments)
{
    /// <summary>The documents whose command lines must be right.</summary>
    public static IEnumerable<string> Documents => Repository.Files.Where(file =>
        file.EndsWith(".md", StringComparison.Ordinal) || file.StartsWith("infra/jobs/", StringComparison.Ordinal));

    /// <summary>All command lines of all documents.</summary>
    public static IEnumerable<DocumentedCommand> All() =>
        from document in Documents
        from line in Lines(Repository.Read(document))
        from Match match in Run().Matches(line.Text)
        select new DocumentedCommand($"{document}:{line.Number}", match.Groups["project"].Value, Words(match.Groups["arguments"].Value));

    /// <summary>The lines of a document; a line that a backslash continues is joined to the next.</summary>
    public static IEnumerable<(int Number, string Text)> Lines(string text)
    {
        var lines = text.Split('\n');
        for (var index = 0; index < lines.Length; index++)
        {
            var number = index + 1;
            var joined = lines[index];
            while (joined.EndsWith('\\') && index + 1 < lines.Length)
            {
                joined = joined[..^1] + lines[++index].Trim();
            }

            yield return (number, joined);
        }
    }

    /// <summary>Up to a comment, the end of inline code, or whatever a shell would take as the end of the command.</summary>
    private static string[] Words(string arguments) =>
        [.. Quoted().Matches(arguments.Split(" #")[0].Split([" &", " |", " >"], StringSplitOptions.None)[0]).Select(match => match.Value.Trim('"', '\''))];

    // Written out as 'dotnet run … --project P -- …', or in short as 'EdgeAgent -- …'.
    [GeneratedRegex("""(?:dotnet run (?:-c \w+ )?--project )(?<project>[\w/.]+)(?: -- (?<arguments>[^`]*))?|(?<![\w/.])(?<project>EdgeAgent|Silo) -- (?<arguments>[^`)]*)""")]
    private static partial Regex Run();

    [GeneratedRegex("""(?:"[^"]*"|'[^']*'|[^\s"'])+""")]
    private static partial Regex Quoted();
}
