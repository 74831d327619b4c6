using System.Text.RegularExpressions;
using OrleansEdge.Silo.Commands;

namespace OrleansEdge.Deployment.Tests;

/// <summary>The command lines of the page that explains these files are ones that the programs, and the files, understand.</summary>
public sealed partial class DocumentedCommandTests
{
    private const string Page = "docs/running.md";

    [Fact]
    public void Command_in_a_container_of_Compose_is_one_of_its_program()
    {
        var commands = Compose().Matches(Repository.Read(Page)).ToList();
        Assert.True(commands.Count > 5);
        Assert.All(commands, match =>
        {
            var service = Assert.Single(ComposeFile.Services, service => service.Name == match.Groups["service"].Value);
            var words = Words(match.Groups["arguments"].Value);
            if (match.Groups["verb"].Value == "run")
            {
                Parse(service.IsSilo ? "Silo.dll" : "EdgeAgent.dll", words);
            }
            else
            {
                Assert.Equal("dotnet", words[0]);
                Parse(words[1], words[2..]);
            }
        });
    }

    [Fact]
    public void Service_that_is_started_exists() => Assert.All(
        Up().Matches(Repository.Read(Page)).SelectMany(match => Words(match.Groups["services"].Value)),
        name => Assert.Contains(ComposeFile.Services, service => service.Name == name));

    [Fact]
    public void Command_in_a_pod_and_on_a_machine_is_one_of_its_program()
    {
        var page = Repository.Read(Page);
        var commands = Pod().Matches(page).Concat(Installed().Matches(page)).ToList();
        Assert.True(commands.Count > 2);
        Assert.All(commands, match => Parse(match.Groups["program"].Value, Words(match.Groups["arguments"].Value)));
    }

    [Fact]
    public void File_that_a_command_takes_is_there() => Assert.All(
        File().Matches(Repository.Read(Page)), match => Assert.True(Repository.Has(match.Value), match.Value));

    [Fact]
    public void Silo_asks_to_be_started_again_with_the_code_on_the_page() =>
        Assert.Contains($"\ncode {Contracts.Sites.SiloExitCodes.StartAgain}, ", Repository.Read(Page), StringComparison.Ordinal);

    private static void Parse(string program, string[] words)
    {
        // What sites say to each other comes with a release of its own.
        var isKnown = words[0] != "sites" && !(words[0] == "certs" && words[1] == "join");
        if (isKnown || Commands.CreateRoot().Subcommands.Any(verb => verb.Name == "sites"))
        {
            Programs.Parse(program, words);
        }
    }

    private static string[] Words(string text) => text.Split(['|', '>'])[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);

    [GeneratedRegex("""^docker compose (?<verb>run|exec)(?: -\S+)* (?<service>[\w-]+) (?<arguments>.+)$""", RegexOptions.Multiline)]
    private static partial Regex Compose();

    [GeneratedRegex("""^docker compose up --detach(?<services>.*)$""", RegexOptions.Multiline)]
    private static partial Regex Up();

    [GeneratedRegex("""^kubectl .* exec \S+ -- dotnet (?<program>\S+) (?<arguments>.+)$""", RegexOptions.Multiline)]
    private static partial Regex Pod();

    [GeneratedRegex("""/opt/orleansedge/\w+/(?<program>Silo|EdgeAgent) (?<arguments>.+)$""", RegexOptions.Multiline)]
    private static partial Regex Installed();

    [GeneratedRegex("""(?<![\w/])infra/[\w./@-]+\w""")]
    private static partial Regex File();
}
