using System.CommandLine;
using System.CommandLine.Parsing;
using OrleansEdge.EdgeAgent.Data.Splits;
using OrleansEdge.EdgeAgent.Participation;
using OrleansEdge.Participation.Security;

namespace OrleansEdge.EdgeAgent.Commands;

/// <summary>Options that several verbs share.</summary>
internal static class AgentOptions
{
    /// <summary>Where the site is.</summary>
    public static Option<string[]> Site() => new("--site")
    {
        Description = "The site's address, for example https://192.0.2.7:7400. May be given several times, for a site of several silos; "
            + "one that answers is enough.",
        DefaultValueFactory = _ => ["http://127.0.0.1:7400"],
        AllowMultipleArgumentsPerToken = false,
    };

    /// <summary>Where else the device may take part.</summary>
    public static Option<string[]> Fallback() => new("--fallback")
    {
        HelpName = "URL[=INVITATION]",
        Description = "Another site, to which the device moves while its own is away; several silos of it with commas. May be given several times, the "
            + "preferred ones first. A secured one needs an invitation of its own the first time: the code, or @ and the file that holds it",
        AllowMultipleArgumentsPerToken = false,
    };

    /// <summary>How soon it moves.</summary>
    public static Option<double> Patience() => new("--patience")
    {
        HelpName = "SECONDS",
        Description = "With --fallback: how long a site may be away before the device moves, and how long one that it prefers must answer before it goes back",
        DefaultValueFactory = _ => 60,
    };

    /// <summary>Reads it.</summary>
    /// <exception cref="FormatException">It is out of range.</exception>
    public static TimeSpan PatienceOf(double seconds) => seconds is >= 1 and <= 86_400
        ? TimeSpan.FromSeconds(seconds)
        : throw new FormatException($"--patience is {seconds}: use a number of seconds from 1 to 86400.");

    /// <summary>The invitation.</summary>
    public static Option<string?> Invite() => new("--invite")
    {
        HelpName = "CODE",
        Description = "For a secured site, the first time: the invitation that 'Silo -- devices invite' printed, or @ and the file that holds it. "
            + $"Default: the environment variable {DeviceAdmission.Variable}",
    };

    /// <summary>What is offered.</summary>
    public static Option<string[]> Data() => new("--data")
    {
        HelpName = "NAME=SPEC",
        Description = "Data to offer: digits=generated, digits=mnist:FOLDER, turbines=csv:FILE?label=COLUMN. May be given several times",
        Required = true,
        AllowMultipleArgumentsPerToken = false,
    };

    /// <summary>How data divide.</summary>
    public static Option<string?> Split() => new("--split")
    {
        HelpName = "SPLIT",
        Description = "For experiments: hold only a part of the data, divided by iid, dirichlet:ALPHA or classes:K",
    };

    /// <summary>Seeds the division.</summary>
    public static Option<ulong> SplitSeed() => new("--split-seed")
    {
        HelpName = "NUMBER",
        Description = "Seeds the division; the same for all devices",
        DefaultValueFactory = _ => SplitSpecification.DefaultSeed,
    };

    /// <summary>Reads the site's addresses.</summary>
    /// <exception cref="FormatException">One is none.</exception>
    public static IReadOnlyList<Uri> SiteOf(string[] texts) => [.. texts.Select(AddressOf)];

    private static Uri AddressOf(string text) => Uri.TryCreate(text, UriKind.Absolute, out var site) && site.Scheme is "http" or "https"
        ? site!
        : throw new FormatException($"'{text}' is not the address of a site: write for example --site http://127.0.0.1:7400.");

    /// <summary>Reads the offers.</summary>
    public static IReadOnlyList<DataOffer> OffersOf(string[] texts) => [.. texts.Select(DataOffer.Parse)];
}
