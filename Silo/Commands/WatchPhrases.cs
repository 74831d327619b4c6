using OrleansEdge.Grains.Jobs;

namespace OrleansEdge.Silo.Commands;

/// <summary>How a watched job is said to stand.</summary>
internal static class WatchPhrases
{
    /// <summary>What it does, without anything that changes from moment to moment.</summary>
    public static string Standing(JobStatus status)
    {
        if (status is { Phase: JobPhase.Initialising, Waiting: { } initialising })
        {
            return initialising;
        }

        var doing = status switch
        {
            { Paused: true, OpenRound: null } => "paused",
            { Phase: JobPhase.Describing } => "the participants describe their data",
            { Phase: JobPhase.Initialising } => "version 0 is made",
            { Phase: JobPhase.Evaluating } => $"round {status.Round} of {status.Rounds}: version {status.Version} is measured",
            _ => $"round {status.Round} of {status.Rounds}: training",
        };
        return status.Waiting is { } waiting ? $"{doing}; {waiting}" : doing;
    }

    /// <summary>How it ended.</summary>
    public static string End(JobStatus status, DateTimeOffset now)
    {
        var took = Phrases.Duration((status.EndedAt ?? now) - status.CreatedAt);
        var made = status.Version is { } version ? $": {version}{(status.Evaluation is null ? "" : $", {Phrases.Of(status.Evaluation)}")}" : "";
        return status.Phase switch
        {
            JobPhase.Completed => $"Job '{status.Job}' has completed in {took}{made}.",
            JobPhase.Stopped => $"Job '{status.Job}' was stopped by an operator after {took}{made}.",
            _ => $"Job '{status.Job}' has failed after {took}: {status.Failure}",
        };
    }
}
