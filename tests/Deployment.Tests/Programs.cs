using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using OrleansEdge.EdgeAgent.Commands;
using OrleansEdge.EdgeAgent.Participation;
using OrleansEdge.Silo.Hosting;
using SiloCommands = OrleansEdge.Silo.Commands.Commands;

namespace OrleansEdge.Deployment.Tests;

/// <summary>What the programs themselves say of a command line or a variable.</summary>
internal static partial class Programs
{
    /// <summary>Variables of other programs and of the runtime, which are right where these files set them.</summary>
    private static readonly string[] Others = ["XDG_DATA_HOME", "DOTNET_ROOT", "DOTNET_EnableDiagnostics", "ASPNETCORE_HTTP_PORTS", "NUGET_PACKAGES", "AZURITE_ACCOUNTS"];

    private static readonly Lazy<HashSet<string>> Known = new(() =>
        [.. Repository.Sources("Silo", "EdgeAgent", "Contracts", "Grains", "Participation").SelectMany(file => Variable().Matches(Repository.Read(file))).Select(match => match.Groups["name"].Value)]);

    /// <summary>The options of a site; fails with what the silo would say.</summary>
    /// <param name="arguments">What follows the program's name.</param>
    /// <param name="certificates">What the environment says of certificates.</param>
    public static SiteOptions Site(IReadOnlyList<string> arguments, string? certificates)
    {
        Assert.Equal(SiloCommands.Serve, arguments[0]);
        return ServeCommand.Read(Parse(SiloCommands.CreateRoot(), certificates is null ? arguments : [.. arguments, "--certificates", certificates]), requiresEnrolment: false);
    }

    /// <summary>Where an agent finds its site, and its own folder; fails with what the agent would say.</summary>
    public static (IReadOnlyList<Uri> Site, string Device, string? Folder) Agent(IReadOnlyList<string> arguments)
    {
        Assert.Equal("join", arguments[0]);
        var parse = Parse(AgentCommands.Create(), arguments);
        foreach (var offer in parse.GetRequiredValue<string[]>("--data"))
        {
            DataOffer.Parse(offer);
        }

        return (AgentOptions.SiteOf(parse.GetRequiredValue<string[]>("--site")), parse.GetRequiredValue<string>("--device"), parse.GetValue<string?>("--folder"));
    }

    /// <summary>A command line of either program, whatever it does.</summary>
    /// <param name="assembly">The program's file.</param>
    /// <param name="arguments">What follows it.</param>
    public static void Parse(string assembly, IReadOnlyList<string> arguments) => Parse(
        Path.GetFileNameWithoutExtension(assembly) switch
        {
            "Silo" => SiloCommands.CreateRoot(),
            "EdgeAgent" => AgentCommands.Create(),
            _ => throw new ArgumentException($"'{assembly}' is none of the two programs."),
        },
        arguments);

    /// <summary>Fails unless a program reads this variable: <c>NAME</c>, <c>NAME_FILE</c> for a secret, or <c>Section__Key</c>.</summary>
    public static void RequireVariable(string name, string place)
    {
        var known = Known.Value;
        Assert.True(
            known.Contains(name) || Others.Contains(name) || (name.EndsWith(SecretVariable.FileSuffix, StringComparison.Ordinal) && known.Contains(name[..^SecretVariable.FileSuffix.Length])),
            $"{place} sets {name}, which no program reads.");
    }

    private static ParseResult Parse(RootCommand root, IReadOnlyList<string> arguments)
    {
        var parse = root.Parse(arguments);
        Assert.True(parse.Errors.Count == 0, $"{string.Join(' ', arguments)}: {string.Join(' ', parse.Errors.Select(error => error.Message))}");
        return parse;
    }

    [GeneratedRegex("\"(?<name>(?:ORLEANSEDGE|OTEL)_[A-Z_]+)\"")]
    private static partial Regex Variable();
}
