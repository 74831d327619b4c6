using Orleans.Runtime;
using OrleansEdge.Contracts.Content;
using OrleansEdge.Contracts.Faults;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Contracts.Rounds;
using OrleansEdge.Grains.Jobs;
using OrleansEdge.Grains.Models;
using OrleansEdge.Grains.Storage;
using OrleansEdge.Grains.Storage.Content;
using OrleansEdge.Participation;
using OrleansEdge.Participation.Connection;
using OrleansEdge.Participation.Security;

namespace OrleansEdge.Silo.Uplink;

/// <summary>
/// Carries out what the parent wants by having the site's own participants do it. What comes of it is kept by the job's grain, so that it can be
/// handed over after a restart; this only brings it there and back.
/// </summary>
/// <param name="site">The site, as the parent knows it.</param>
/// <param name="parent">The parent.</param>
/// <param name="content">The site's store.</param>
/// <param name="manifests">Reads what versions consist of.</param>
/// <param name="findJob">Finds the site's own jobs.</param>
/// <param name="faultSwitch">Fires at the points of a round, under test.</param>
/// <param name="faults">What is to go wrong with the link, under test.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The log.</param>
/// <param name="stopping">Cancelled when this silo no longer speaks for the site: the work goes on.</param>
internal sealed partial class SiteInstructionRunner(
    ParticipantId site, IParent parent, ContentStore content, ManifestStore manifests, Func<JobId, IAssignedJob> findJob, FaultSwitch faultSwitch,
    ProcessFaults faults, TimeProvider time, ILogger logger, CancellationToken stopping) : IInstructionRunner
{
    /// <summary>How often the site's own grain is asked how far it is.</summary>
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(25);

    /// <summary>After how long the site's own store is tried again.</summary>
    private static readonly TimeSpan StorePause = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public async Task Run(Instruction instruction, IProgress<double> progress, CancellationToken cancellation)
    {
        var job = findJob(instruction.Id.Round.Job);
        try
        {
            await Insist(instruction, job, progress, cancellation);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            // The parent does without it.
            await job.Settle(instruction.Id.Round.Number);
        }
    }

    /// <summary>The parent must not wait for what does not come: it is tried again where that can help, and otherwise refused.</summary>
    private async Task Insist(Instruction instruction, IAssignedJob job, IProgress<double> progress, CancellationToken cancellation)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await FetchAndCarryOut(instruction, job, progress, cancellation);
                return;
            }
            catch (Exception exception) when (!cancellation.IsCancellationRequested && IsPassing(exception))
            {
                if (attempt == 0)
                {
                    LogTriedAgain(instruction.Id, exception.Message);
                }
            }
            catch (Exception exception) when (!cancellation.IsCancellationRequested && exception is not OperationCanceledException)
            {
                var sentence = Explain(exception);
                await parent.Refuse(instruction.Id, sentence ?? $"the site failed: {exception.Message}", cancellation);
                if (sentence is null)
                {
                    throw;
                }

                LogRefused(instruction.Id, sentence);
                return;
            }

            await Task.Delay(StorePause, time, cancellation);
        }
    }

    /// <summary>Whether it may be otherwise in a while. All that is said to the parent is asked again elsewhere: this is the site's own trouble.</summary>
    private static bool IsPassing(Exception exception) =>
        exception is BlobStoreException { IsPassing: true } or IOException or TimeoutException or OrleansException;

    /// <summary>A sentence for what the site cannot do; null for what nobody foresaw.</summary>
    private static string? Explain(Exception exception) => exception switch
    {
        ContentMissingException or ModelManifestException => $"the parent no longer has what its instruction names: {exception.Message}",
        UntrustedModelException => exception.Message,
        BlobStoreException or UnauthorizedAccessException => ExplainStore(exception),
        _ => null,
    };

    private static string ExplainStore(Exception exception) => $"the site's store cannot do its part: {exception.Message}";

    private async Task FetchAndCarryOut(Instruction instruction, IAssignedJob job, IProgress<double> progress, CancellationToken cancellation)
    {
        await parent.Fetch(instruction, cancellation);
        if (instruction is TrainInstruction)
        {
            faultSwitch.Reach(UplinkPoints.Fetched, instruction.Id.Round.Number);
            faults.Switch.Reach(AgentPoints.Received, instruction.Id.Round.Number);
        }

        await CarryOut(instruction, job, progress, cancellation);
    }

    private async Task CarryOut(Instruction instruction, IAssignedJob job, IProgress<double> progress, CancellationToken cancellation)
    {
        while (true)
        {
            var status = await Finish(instruction, job, progress, cancellation);
            if (status.Refusal is { } refusal)
            {
                await (status.IsWithdrawn
                    ? parent.Withdraw(instruction.Id.Round, refusal, cancellation)
                    : parent.Refuse(instruction.Id, refusal, cancellation));
                return;
            }

            if (status.Summary is not null || status.Evaluation is not null)
            {
                await parent.Answer(new SurveyAnswer(site, instruction.Id, status.Summary, status.Evaluation, null), cancellation);
                return;
            }

            if (await HandOver(instruction, job, status.Update!, cancellation))
            {
                return;
            }
        }
    }

    /// <summary>Has it done by the site's own participants. What the site's own grains cannot do for a moment is tried again.</summary>
    private async Task<AssignmentStatus> Finish(Instruction instruction, IAssignedJob job, IProgress<double> progress, CancellationToken cancellation)
    {
        var id = instruction.Id;
        AssignmentStatus? status = null;
        while (true)
        {
            try
            {
                status = status is null || status.Round != id.Round.Number || status.Kind != id.Kind
                    ? await job.Assign(parent.Name, instruction).WaitAsync(RetryPolicy.CallLimit, time, cancellation)
                    : await job.GetAssignment().WaitAsync(RetryPolicy.CallLimit, time, cancellation);
                if (status is not null && (status.Refusal ?? (object?)status.Summary ?? status.Update) is not null || status?.Evaluation is not null)
                {
                    return status!;
                }

                progress.Report(status?.Progress ?? 0);
            }
            catch (Exception exception) when (!cancellation.IsCancellationRequested && exception is not OperationCanceledException)
            {
                await Task.Delay(Poll * 20, time, cancellation);
            }

            await Task.Delay(Poll, time, cancellation);
        }
    }

    /// <summary>Brings an update to the parent's round.</summary>
    /// <returns>False if the parent refuses what was late: then it wants the work itself.</returns>
    private async Task<bool> HandOver(Instruction instruction, IAssignedJob job, SiteUpdate update, CancellationToken cancellation)
    {
        var round = instruction.Id.Round;
        faultSwitch.Reach(UplinkPoints.Ready, round.Number);
        var reply = await Send(job, update, round, cancellation);
        var isLate = update.Round != round.Number;
        switch (reply.Standing)
        {
            case CommitStanding.Committed:
                faultSwitch.Reach(UplinkPoints.HandedOver, round.Number);
                await job.HandedOver(update, accepted: true, stale: instruction is TrainInstruction train && update.Base != train.Base);
                return true;
            case CommitStanding.Refused:
                await job.HandedOver(update, accepted: false, stale: false);
                if (!isLate)
                {
                    await parent.Refuse(instruction.Id, reply.Reason ?? "the parent refused the update.", cancellation);
                }

                return !isLate;
            default:
                await job.Settle(round.Number);
                return true;
        }
    }

    /// <summary>What the site's store does not have any more cannot be handed over, to this round or another.</summary>
    private async Task<CommitReply> Send(IAssignedJob job, SiteUpdate update, RoundKey round, CancellationToken cancellation)
    {
        try
        {
            return await parent.Send(
                await VersionDifference.Open(content, manifests, () => Offer(job, update, round), round, update, cancellation), cancellation);
        }
        catch (DamagedContentException exception)
        {
            LogLost(round, update.Round, exception.Message);
            return new(CommitStanding.Refused, ExplainStore(exception));
        }
    }

    private async Task<bool> Offer(IAssignedJob job, SiteUpdate update, RoundKey round)
    {
        var isWanted = await job.Offer(update);
        faultSwitch.Reach(UplinkPoints.Offered, round.Number);
        return isWanted;
    }

    [LoggerMessage(LogLevel.Warning, "The site cannot carry out {Instruction} now, and tries again for as long as the parent wants it: {Reason}")]
    private partial void LogTriedAgain(InstructionId instruction, string reason);

    [LoggerMessage(LogLevel.Warning, "The site cannot carry out {Instruction}: {Reason}")]
    private partial void LogRefused(InstructionId instruction, string reason);

    [LoggerMessage(LogLevel.Warning, "Round {Round} of the parent cannot have what was made for round {Made}: {Reason}")]
    private partial void LogLost(RoundKey round, int made, string reason);
}
