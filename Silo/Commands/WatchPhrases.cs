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
            { Phase: JobPhase.Waiting } => "waits for its parent",
            { Phase: JobPhase.Evaluating } => $"{Round(status.Round, status)}: version {status.Version} is measured",
            _ => $"{Round(status.Round, status)}: training",
        };
        var said = Phrases.ForParent(status) is { } whom ? $"{whom}: {doing}" : doing;
        return status.Waiting is { } waiting ? $"{said}; {waiting}" : said;
    }

    /// <summary>A round among all; those that a site runs for its parent are numbered with gaps, and how many there will be is the parent's affair.</summary>
    public static string Round(int number, JobStatus status) => status.ForParent is null ? $"round {number} of {status.Rounds}" : $"round {number} of the site";

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
