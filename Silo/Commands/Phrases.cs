using System.Globalization;
using OrleansEdge.Contracts.Participants;
using OrleansEdge.Contracts.Rounds;
using OrleansEdge.Grains.Jobs;

namespace OrleansEdge.Silo.Commands;

/// <summary>How values are said to people.</summary>
internal static class Phrases
{
    public const string Nothing = "-";

    /// <summary>A share or a loss.</summary>
    public static string Of(double? value, string format = "0.0000") =>
        value is { } number ? number.ToString(format, CultureInfo.InvariantCulture) : Nothing;

    public static string Of(int? value) => value?.ToString(CultureInfo.InvariantCulture) ?? Nothing;

    /// <summary>Accuracy, or for regression the loss.</summary>
    public static string Of(Evaluation? evaluation) => evaluation switch
    {
        null => Nothing,
        { Accuracy: { } accuracy } => $"accuracy {Of(accuracy)}",
        _ => $"loss {Of(evaluation.Loss)}",
    };

    /// <summary>What the job is at.</summary>
    public static string Of(JobStatus status) => status switch
    {
        { IsOver: true } => Name(status.Phase),
        { Paused: true } => "paused",
        _ => Name(status.Phase),
    };

    public static string Name(JobPhase phase) => phase == JobPhase.Waiting ? "waiting for its parent" : phase.ToString().ToLowerInvariant();

    /// <summary>How many rounds are done; what a site does for its parent has no end that the site knows.</summary>
    public static string Rounds(JobStatus status) => status.ForParent is { } assigned
        ? assigned.Rounds.ToString(CultureInfo.InvariantCulture)
        : $"{FinishedRounds(status)} of {status.Rounds}";

    /// <summary>For whom a job is run, and for which round; null for a job of the site's own.</summary>
    public static string? ForParent(JobStatus status) => status.ForParent is not { } assigned
        ? null
        : string.Create(CultureInfo.InvariantCulture, $"for the parent{(status.Parent is { } parent ? $" '{parent}'" : "")}, its round {assigned.ParentRound}");

    /// <summary>How many rounds have a version, or were skipped.</summary>
    public static int FinishedRounds(JobStatus status) => status.Phase switch
    {
        JobPhase.Completed => status.Rounds,
        JobPhase.Evaluating => status.Round,
        _ => Math.Max(0, status.Round - 1),
    };

    public static string Count(long number, string noun) => number == 1 ? $"1 {noun}" : $"{number} {noun}s";

    /// <summary>A length of time in its two largest units.</summary>
    public static string Duration(TimeSpan time) => time switch
    {
        { TotalSeconds: < 1 } => "0 s",
        { TotalMinutes: < 1 } => $"{time.TotalSeconds:0} s",
        { TotalHours: < 1 } => $"{time.Minutes} min {time.Seconds} s",
        { TotalDays: < 1 } => $"{time.Hours} h {time.Minutes} min",
        _ => $"{time.Days} d {time.Hours} h",
    };

    /// <summary>How long ago; the clocks of two machines may differ, so never in the future.</summary>
    public static string Ago(DateTimeOffset then, DateTimeOffset now) => $"{Duration(now - then)} ago";

    public static string Bytes(long bytes) => bytes switch
    {
        < 1 << 10 => $"{bytes} B",
        < 1 << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0.0} KiB"),
        < 1 << 30 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0.0} MiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1073741824.0:0.0} GiB"),
    };

    /// <summary>What a participant is doing.</summary>
    public static string Of(ParticipantActivity? activity) => activity?.Instruction is { } instruction
        ? string.Create(CultureInfo.InvariantCulture, $"{Doing(instruction)} ({activity.Progress:0%})")
        : "idle";

    public static string Doing(InstructionId instruction) => instruction.Kind switch
    {
        InstructionKind.Describe => $"describing data for {instruction.Round.Job}",
        InstructionKind.Initialise => $"making version 0 for {instruction.Round.Job}",
        InstructionKind.Train => $"training round {instruction.Round.Number} of {instruction.Round.Job}",
        InstructionKind.Evaluate => $"evaluating round {instruction.Round.Number} of {instruction.Round.Job}",
        _ => "waiting",
    };
}
