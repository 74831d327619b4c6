using Microsoft.Extensions.Logging;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Rounds;
using OrleansEdge.Grains.Storage;

namespace OrleansEdge.Grains.Rounds;

/// <summary>What is logged of rounds.</summary>
internal static partial class RoundLog
{
    [LoggerMessage(LogLevel.Information, "Round {Round}: '{Participant}' has withdrawn, and is not waited for: {Reason}")]
    public static partial void RoundWithdrawn(this ILogger logger, RoundKey round, ParticipantId participant, string reason);

    [LoggerMessage(LogLevel.Warning, "Round {Round}: '{Participant}' cannot contribute: {Reason}")]
    public static partial void RoundDeclined(this ILogger logger, RoundKey round, ParticipantId participant, string reason);

    [LoggerMessage(LogLevel.Warning, "Round {Round}: a shard has lost the update of '{Participant}'; it is asked to send again")]
    public static partial void RoundResend(this ILogger logger, RoundKey round, ParticipantId participant);

    [LoggerMessage(LogLevel.Warning, "Round {Round} goes on without {Gone}, attempt {Attempt}")]
    public static partial void RoundGivenUp(this ILogger logger, RoundKey round, string gone, int attempt);

    [LoggerMessage(LogLevel.Warning, "Round {Round} is extended: {Reason} Extension {Extension}")]
    public static partial void RoundExtended(this ILogger logger, RoundKey round, string reason, int extension);

    /// <summary>What the operator can mend is a sentence, such as a full disk; where it came from helps only with the rest.</summary>
    public static void RoundStepFailed(this ILogger logger, Exception exception, RoundKey round)
    {
        if (exception is BlobStoreException)
        {
            logger.StepFailed(round, exception.Message);
        }
        else
        {
            logger.StepFailed(exception, round);
        }
    }

    [LoggerMessage(LogLevel.Error, "Round {Round} could not take its next step and tries again: {Reason}")]
    private static partial void StepFailed(this ILogger logger, RoundKey round, string reason);

    [LoggerMessage(LogLevel.Error, "Round {Round} could not take its next step and tries again")]
    private static partial void StepFailed(this ILogger logger, Exception exception, RoundKey round);
}
