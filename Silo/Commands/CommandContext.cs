using System.CommandLine;
using OrleansEdge.Grains.Jobs.Files;
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
            + $"Default: the environment variable {SiteApi.Variable}, or else {SiteApi.DefaultAddress}",
        AllowMultipleArgumentsPerToken = false,
        HelpName = "URL",
        Recursive = true,
    };

    private static readonly Option<bool> JsonOption = new("--json")
    {
        Description = "Write one JSON document to standard output, and nothing else there",
        Recursive = true,
    };

    /// <summary>Gives the options of all such commands to a noun and the verbs under it.</summary>
    public static void AddOptions(Command noun)
    {
        noun.Options.Add(SiteOption);
        noun.Options.Add(JsonOption);
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
            using var site = new SiteApi([.. Addresses(parse).Select(SiteApi.ParseAddress)]);
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
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            terminal.Error(Sentence.Of(exception.Message));
            return ExitCodes.Failed;
        }
    }

    private static string[] Addresses(ParseResult parse) => parse.GetValue(SiteOption) is { Length: > 0 } given
        ? given
        : Environment.GetEnvironmentVariable(SiteApi.Variable) is { Length: > 0 } variable
            ? variable.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            : [SiteApi.DefaultAddress];
}
