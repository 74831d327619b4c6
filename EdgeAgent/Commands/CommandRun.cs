using System.CommandLine;
using System.CommandLine.Invocation;
using OrleansEdge.Contracts.Content;
using OrleansEdge.Contracts.Identity;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Contracts.Security.Files;
using OrleansEdge.EdgeAgent.Data;
using OrleansEdge.EdgeAgent.Participation;
using OrleansEdge.EdgeAgent.Training;
using OrleansEdge.Participation;
using OrleansEdge.Participation.Security;
using OrleansEdge.Participation.Updates;

namespace OrleansEdge.EdgeAgent.Commands;

/// <summary>Runs verbs: what goes wrong is one sentence on standard error and an exit code.</summary>
internal static class CommandRun
{
    /// <summary>The exit code of wrong input.</summary>
    public const int WrongInput = 2;

    /// <summary>The exit code of work that failed.</summary>
    public const int Failed = 1;

    /// <summary>Runs a command line. One that cannot be read ends with <see cref="WrongInput"/>.</summary>
    public static async Task<int> Run(RootCommand root, IReadOnlyList<string> arguments, InvocationConfiguration? configuration = null)
    {
        configuration ??= new InvocationConfiguration();
        var parse = root.Parse(arguments);
        if (parse.Errors.Count == 0 || parse.Action is not ParseErrorAction)
        {
            return await parse.InvokeAsync(configuration);
        }

        foreach (var error in parse.Errors)
        {
            await Say(configuration.Error, error.Message);
        }

        var verb = parse.CommandResult.Command;
        await configuration.Error.WriteLineAsync($"'EdgeAgent{(verb is RootCommand ? "" : $" {verb.Name}")} --help' says what there is.");
        return WrongInput;
    }

    /// <summary>Runs a verb.</summary>
    public static Task<int> Run(Func<Task> verb, CancellationToken cancellation) => Run(verb, Console.Error, cancellation);

    /// <inheritdoc cref="Run(Func{Task}, CancellationToken)"/>
    public static Task<int> Run(Func<Task> verb, TextWriter error, CancellationToken cancellation) => Run(
        async () =>
        {
            await verb();
            return 0;
        },
        error, cancellation);

    /// <summary>Runs a verb that has exit codes of its own.</summary>
    public static async Task<int> Run(Func<Task<int>> verb, TextWriter error, CancellationToken cancellation)
    {
        try
        {
            return await verb();
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return 0;
        }
        catch (Exception exception) when (exception is FormatException or DataException or ParticipantFolderException or CertificateException)
        {
            await Say(error, exception.Message);
            return WrongInput;
        }
        catch (Exception exception) when (exception is ParticipantRefusedException or ModelException or ContentMissingException or VersionPrunedException or CommandException or CallRefusedException
            or UntrustedModelException or IOException or UnauthorizedAccessException)
        {
            await Say(error, exception.Message);
            return Failed;
        }
    }

    private static Task Say(TextWriter error, string message)
    {
        var beginning = char.IsAsciiLetterLower(message[0]) ? $"{char.ToUpperInvariant(message[0])}{message[1..]}" : message;
        return error.WriteLineAsync($"error: {beginning}{(message.EndsWith('.') ? "" : ".")}");
    }
}

/// <summary>A verb cannot do its work. The message is one sentence for a person.</summary>
internal sealed class CommandException(string message) : Exception(message);
