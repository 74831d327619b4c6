namespace OrleansEdge.Silo.Commands;

/// <summary>A command cannot do what was asked. The message is for a person, and says what to do.</summary>
internal class CommandException(string message, int exitCode = ExitCodes.Failed) : Exception(message)
{
    /// <summary>What the program ends with.</summary>
    public int ExitCode { get; } = exitCode;
}

/// <summary>The site is away or in trouble; later it may answer.</summary>
internal sealed class SiteTroubleException(string message) : CommandException(message);

/// <summary>What the program's exit codes mean.</summary>
internal static class ExitCodes
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>It could not be done.</summary>
    public const int Failed = 1;

    /// <summary>The command line, a file or another input is wrong; the same again cannot succeed.</summary>
    public const int WrongInput = 2;

    /// <summary>Ended by Ctrl-C: 128 and the signal's number, as shells do.</summary>
    public const int Interrupted = 130;
}
