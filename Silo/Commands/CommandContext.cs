using System.CommandLine;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Security.Files;
using OrleansEdge.Grains.Jobs.Files;
using OrleansEdge.Silo.Hosting.Security;
using OrleansEdge.Silo.Web;

namespace OrleansEdge.Silo.Commands;

/// <summary>What every command of a running site has: the site, and where to write.</summary>
/// <param name="Site">The site.</param>
/// <param name="Terminal">Where to write.</param>
/// <param name="Time">The clock.</param>
internal sealed record CommandContext(SiteApi Site, Terminal Terminal, TimeProvider Time)
{
    private static readonly Option<string[]> SiteOption = new("--site")
    {
        Description = "Where the site is; may be given several times, for a site of several silos: the first that answers is asked. "
            + $"Default: the environment variable {SiteApi.Variable}, or else port 7400 of this machine",
        AllowMultipleArgumentsPerToken = false,
        HelpName = "URL",
        Recursive = true,
    };

    private static readonly Option<bool> JsonOption = new("--json")
    {
        Description = "Write one JSON document to standard output, and nothing else there",
        Recursive = true,
    };

    private static readonly Option<string?> CertificatesOption = new("--certificates")
    {
        Description = $"For a secured site: the folder with an operator's certificate. Default: the environment variable {CertificateFolder.Variable}",
        HelpName = "FOLDER",
        Recursive = true,
    };

    private static readonly Option<string> OperatorOption = new("--as")
    {
        Description = "The operator whose certificate in that folder is shown",
        HelpName = "NAME",
        Recursive = true,
        DefaultValueFactory = _ => CertificateFolder.FirstOperator.Value,
    };

    /// <summary>Gives the options of all such commands to a noun and the verbs under it.</summary>
    public static void AddOptions(Command noun)
    {
        noun.Options.Add(SiteOption);
        noun.Options.Add(JsonOption);
        noun.Options.Add(CertificatesOption);
        noun.Options.Add(OperatorOption);
    }

    /// <summary>Makes <paramref name="run"/> the command's action: what it throws becomes a sentence and an exit code.</summary>
    public static void SetAction(Command command, Func<CommandContext, ParseResult, CancellationToken, Task<int>> run) =>
        command.SetAction((parse, cancellation) => Run(parse, run, cancellation));

    /// <inheritdoc cref="SetAction(Command, Func{CommandContext, ParseResult, CancellationToken, Task{int}})"/>
    public static void SetAction(Command command, Func<CommandContext, ParseResult, CancellationToken, Task> run) =>
        SetAction(command, async (context, parse, cancellation) =>
        {
            await run(context, parse, cancellation);
            return ExitCodes.Done;
        });

    private static async Task<int> Run(
        ParseResult parse, Func<CommandContext, ParseResult, CancellationToken, Task<int>> run, CancellationToken cancellation)
    {
        var output = parse.InvocationConfiguration.Output;
        var terminal = new Terminal(
            output, parse.InvocationConfiguration.Error, parse.GetValue(JsonOption), output == Console.Out && !Console.IsOutputRedirected);
        try
        {
            using var site = Connect(parse);
            return await run(new(site, terminal, TimeProvider.System), parse, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return ExitCodes.Interrupted;
        }
        catch (CommandException exception)
        {
            terminal.Error(exception.Message);
            return exception.ExitCode;
        }
        catch (JobFileException exception)
        {
            terminal.Faults(exception.Message);
            return ExitCodes.WrongInput;
        }
        catch (FormatException exception)
        {
            terminal.Error(Sentence.Of(exception.Message));
            return ExitCodes.WrongInput;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CertificateException)
        {
            terminal.Error(Sentence.Of(exception.Message));
            return ExitCodes.Failed;
        }
    }

    private static SiteApi Connect(ParseResult parse)
    {
        var folder = parse.GetValue(CertificatesOption) ?? Environment.GetEnvironmentVariable(CertificateFolder.Variable);
        var isSecured = !string.IsNullOrEmpty(folder);
        var addresses = Addresses(parse, isSecured).Select(SiteApi.ParseAddress).ToList();
        if (addresses.TrueForAll(address => address.Scheme == Uri.UriSchemeHttp))
        {
            return new(addresses);
        }

        return isSecured
            ? new(addresses, OperatorCredentials.CreateHandler(
                OperatorCredentials.Open(new(Path.GetFullPath(folder!)), ParticipantId.Parse(parse.GetRequiredValue(OperatorOption))), SiteApi.ConnectLimit, TimeProvider.System))
            : throw new CommandException(
                $"The site at {addresses[0]} is secured: give the folder with an operator's certificate with --certificates or {CertificateFolder.Variable}.",
                ExitCodes.WrongInput);
    }

    private static string[] Addresses(ParseResult parse, bool isSecured) => parse.GetValue(SiteOption) is { Length: > 0 } given
        ? given
        : Environment.GetEnvironmentVariable(SiteApi.Variable) is { Length: > 0 } variable
            ? variable.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            : [isSecured ? SiteApi.DefaultSecuredAddress : SiteApi.DefaultAddress];
}
