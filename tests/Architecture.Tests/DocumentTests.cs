using System.Text.RegularExpressions;
using OrleansEdge.Contracts.Faults;

namespace OrleansEdge.Architecture.Tests;

/// <summary>What the documents say is so.</summary>
public sealed partial class DocumentTests
{
    private static readonly string[] SetUp = ["dotnet run -c Release --project infra/LocalCluster", "bash tests/run.sh"];

    public static TheoryData<string> Decisions => [.. Repository.Files.Where(file => file.StartsWith("docs/decisions/", StringComparison.Ordinal))];

    [Fact]
    public void Command_line_in_a_document_names_a_project_verbs_and_options_that_exist()
    {
        var commands = DocumentedCommand.All().ToList();
        Assert.Contains(commands, command => command.Project == "Silo");
        Assert.Contains(commands, command => command.Project == "EdgeAgent");
        Assert.Empty(commands.Select(Fault).OfType<string>());
    }

    [Fact]
    public void Set_up_is_exactly_two_commands()
    {
        var readme = Repository.Read("README.md");
        var start = readme.IndexOf("\n## Set up\n", StringComparison.Ordinal);
        Assert.True(start >= 0, "README.md has no section 'Set up'.");
        var block = Fence().Match(readme, start).Groups["code"].Value;
        Assert.Equal(SetUp, block.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('#')[0].Trim()));
        Assert.Contains(SetUp[1].Split(' ')[1], Repository.Read(".ci/run"), StringComparison.Ordinal);
    }

    [Fact]
    public void Changelog_has_a_section_for_what_is_not_released() =>
        Assert.Contains("\n## [Unreleased]\n", Repository.Read("CHANGELOG.md"), StringComparison.Ordinal);

    [Fact]
    public void Link_within_the_repository_leads_somewhere() => Assert.Empty(
        from document in Repository.Files.Where(file => file.EndsWith(".md", StringComparison.Ordinal))
        from Match link in Link().Matches(Repository.Read(document))
        let target = link.Groups["target"].Value
        where !target.Contains("://", StringComparison.Ordinal)
        let path = Path.Combine(Path.GetDirectoryName(document)!, target.Split('#')[0])
        where target[0] != '#' && !Repository.Has(path)
        select $"{document}: {target}");

    [Fact]
    public void Path_in_a_document_exists() => Assert.Empty(
        from document in DocumentedCommand.Documents
        from Match path in TreePath().Matches(Repository.Read(document))
        where !Repository.Has(path.Groups["path"].Value)
        select $"{document}: {path.Groups["path"].Value}");

    [Fact]
    public void Points_of_a_round_are_described_in_their_order()
    {
        var page = Repository.Read("docs/architecture.md");
        var described = FaultPoints().Matches(page).Select(match => match.Groups["point"].Value);
        Assert.Equal(SiloPoints.All.Concat(ShardPoints.All).Concat(AgentPoints.All).Select(point => point.Name), described);
    }

    [Theory]
    [MemberData(nameof(Decisions))]
    public void Decision_says_what_would_change_it(string file)
    {
        var text = Repository.Read(file);
        Assert.Contains("\n## Decision\n", text, StringComparison.Ordinal);
        Assert.Contains("\n## What would change our mind\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void No_file_names_a_path_of_somebodys_machine()
    {
        var names = new Regex("""(?<![\w.}$/-])/(?:work|root|home|tmp)/\w""");
        Assert.Empty(
            from file in Repository.Files.Where(file => !IsBinary(file))
            from line in Repository.Read(file).Split('\n').Select((text, index) => (text, index))
            where names.IsMatch(line.text) && !line.text.Contains("new Regex", StringComparison.Ordinal)
            select $"{file}:{line.index + 1}: {line.text.Trim()}");
    }

    private static string? Fault(DocumentedCommand command)
    {
        var file = command.Project.EndsWith(".csproj", StringComparison.Ordinal)
            ? command.Project
            : Repository.Files.FirstOrDefault(file =>
                Path.GetExtension(file) == ".csproj" && Path.GetDirectoryName(file) == Path.TrimEndingDirectorySeparator(command.Project));
        if (file is null || !Repository.Has(file))
        {
            return $"{command.Place}: there is no project '{command.Project}'";
        }

        var project = Path.GetFileNameWithoutExtension(file);
        List<string> verbs = [];
        foreach (var word in command.Arguments)
        {
            var help = CommandHelp.Of(project, verbs);
            if (word.StartsWith("--", StringComparison.Ordinal))
            {
                if (!help.Options.Contains(word.Split('=')[0]))
                {
                    return $"{command.Place}: '{project} {string.Join(' ', verbs)}' has no option {word}";
                }
            }
            else if (help.Verbs.Count > 0)
            {
                if (!help.Verbs.Contains(word))
                {
                    return $"{command.Place}: '{project} {string.Join(' ', verbs)}' has no verb '{word}'";
                }

                verbs.Add(word);
            }
        }

        return null;
    }

    private static bool IsBinary(string file) => Path.GetExtension(file) is ".png" or ".pt" or ".gz" or ".safetensors" or ".ico";

    [GeneratedRegex("```[a-z]*\n(?<code>[^`]*)```")]
    private static partial Regex Fence();

    [GeneratedRegex("""\]\((?<target>[^)\s]+)\)""")]
    private static partial Regex Link();

    // In code marks, with at least one folder; a glob, a placeholder and what lies outside the tree are not looked for.
    [GeneratedRegex("""`(?<path>(?:Contracts|Grains|Silo|EdgeAgent|infra|tests|docs)/[\w./-]*[\w/])`""")]
    private static partial Regex TreePath();

    [GeneratedRegex("""^\|[^|]*\| `(?<point>[a-z]+)` \|""", RegexOptions.Multiline)]
    private static partial Regex FaultPoints();
}
