using OrleansEdge.Contracts.Content;
using OrleansEdge.EdgeAgent.Data;
using OrleansEdge.EdgeAgent.Participation;
using OrleansEdge.EdgeAgent.Training;
using OrleansEdge.EdgeAgent.Updates;

namespace OrleansEdge.EdgeAgent.Commands;

/// <summary>Runs a verb: what goes wrong is one sentence on standard error and an exit code.</summary>
internal static class CommandRun
{
    /// <summary>The exit code of wrong input.</summary>
    public const int WrongInput = 2;

    /// <summary>The exit code of work that failed.</summary>
    public const int Failed = 1;

    /// <summary>Runs it.</summary>
    public static async Task<int> Run(Func<Task> verb, CancellationToken cancellation)
    {
        try
        {
            await verb();
            return 0;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return 0;
        }
        catch (Exception exception) when (exception is FormatException or DataException or ParticipantFolderException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return WrongInput;
        }
        catch (Exception exception) when (exception is ParticipantRefusedException or ModelException or ContentMissingException or CommandException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return Failed;
        }
    }
}

/// <summary>A verb cannot do its work. The message is one sentence for a person.</summary>
internal sealed class CommandException(string message) : Exception(message);
