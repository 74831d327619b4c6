using System.Collections.Concurrent;
using System.Diagnostics;

namespace OrleansEdge.Architecture.Tests;

/// <summary>What a built program says of one of its commands: the verbs below it and its options.</summary>
/// <param name="Verbs">The names of sub-commands.</param>
/// <param name="Options">The names of options, with their hyphens.</param>
internal sealed record CommandHelp(IReadOnlySet<string> Verbs, IReadOnlySet<string> Options)
{
    private static readonly ConcurrentDictionary<string, CommandHelp> Asked = new(StringComparer.Ordinal);

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    /// <summary>Asks a program that was built in the configuration of these tests.</summary>
    /// <param name="project">The project's name.</param>
    /// <param name="verbs">The verbs that lead to the command, outermost first.</param>
    public static CommandHelp Of(string project, IReadOnlyList<string> verbs) =>
        Asked.GetOrAdd(string.Join(' ', [project, .. verbs]), _ => Parse(Ask(project, verbs)));

    private static CommandHelp Parse(string help)
    {
        var section = "";
        HashSet<string> verbs = new(StringComparer.Ordinal);
        HashSet<string> options = new(StringComparer.Ordinal);
        foreach (var line in help.Split('\n').Select(line => line.TrimEnd()))
        {
            if (line.Length > 0 && line[0] != ' ')
            {
                section = line;
            }
            else if (section == "Commands:" && IsEntry(line))
            {
                verbs.Add(line.Trim().Split(' ')[0]);
            }
            else if (section == "Options:" && IsEntry(line))
            {
                options.UnionWith(line.Trim().Split("  ")[0].Split([' ', ','], StringSplitOptions.RemoveEmptyEntries).Where(word => word[0] == '-'));
            }
        }

        return new(verbs, options);

        // What a description runs on to is set in further.
        static bool IsEntry(string line) => line.StartsWith("  ", StringComparison.Ordinal) && line.Length > 2 && line[2] != ' ';
    }

    private static string Ask(string project, IReadOnlyList<string> verbs)
    {
        var configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        var program = Path.Combine(Repository.Root, "artifacts", "bin", project, configuration, project + ".dll");
        Assert.True(File.Exists(program), $"{program} is not built.");
        using var process = Process.Start(new ProcessStartInfo("dotnet", [program, .. verbs, "--help"])
        {
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        })!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(Limit))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"'{project} {string.Join(' ', verbs)} --help' did not end.");
        }

        Assert.True(process.ExitCode == 0, $"'{project} {string.Join(' ', verbs)} --help' ended with {process.ExitCode}.");
        return output.GetAwaiter().GetResult();
    }
}
