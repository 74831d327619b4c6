using OrleansEdge.Contracts.Content;
using OrleansEdge.Contracts.Faults;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Contracts.Rounds;
using OrleansEdge.Grains.Jobs;
using OrleansEdge.Grains.Models;
using OrleansEdge.Grains.Storage.Content;
using OrleansEdge.Grains.Surveys;
using OrleansEdge.Participation;
using OrleansEdge.Participation.Connection;
using OrleansEdge.Participation.Security;
using OrleansEdge.Participation.Updates;

namespace OrleansEdge.Silo.Uplink;

/// <summary>
/// Carries out what the parent wants by having the site's own participants do it. What comes of it is kept by the job's grain, so that it can be
/// handed over after a restart; this only brings it there and back.
/// </summary>
/// <param name="site">The site, as the parent knows it.</param>
/// <param name="connection">The connection to the parent.</param>
/// <param name="retry">How the parent is asked again.</param>
/// <param name="inbound">Brings content from the parent.</param>
/// <param name="content">The site's store.</param>
/// <param name="manifests">Reads what versions consist of.</param>
/// <param name="grains">The site's own grains.</param>
/// <param name="faultSwitch">Fires at the points of a round, under test.</param>
/// <param name="faults">What is to go wrong with the link, under test.</param>
/// <param name="time">The clock.</param>
/// <param name="stopping">Cancelled when this silo no longer speaks for the site: the work goes on.</param>
internal sealed class SiteInstructionRunner(
    ParticipantId site, SiteConnection connection, RetryPolicy retry, ParentContent inbound, ContentStore content, ManifestStore manifests,
    IGrainFactory grains, FaultSwitch faultSwitch, ProcessFaults faults, TimeProvider time, CancellationToken stopping) : IInstructionRunner
{
    /// <summary>How often the site's own grain is asked how far it is.</summary>
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(25);

    private readonly UpdateSender _sender = new(site, connection, retry, FaultSwitch.Disarmed);

    private SiteName Parent => SiteName.Parse(connection.Site.Name);

    /// <inheritdoc/>
    public async Task Run(Instruction instruction, IProgress<double> progress, CancellationToken cancellation)
    {
        var job = grains.GetGrain<IAssignedJob>(instruction.Id.Round.Job.Value);
        try
        {
            await inbound.Fetch(instruction, cancellation);
            if (instruction is TrainInstruction)
            {
                faultSwitch.Reach(UplinkPoints.Fetched, instruction.Id.Round.Number);
                faults.Switch.Reach(AgentPoints.Received, instruction.Id.Round.Number);
            }

            await CarryOut(instruction, job, progress, cancellation);
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested && exception is ContentMissingException or ModelManifestException)
        {
            await Refuse(instruction, $"the parent no longer has what its instruction names: {exception.Message}", cancellation);
        }
        catch (UntrustedModelException exception) when (!cancellation.IsCancellationRequested)
        {
            await Refuse(instruction, exception.Message, cancellation);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            // The parent does without it.
            await job.Settle(instruction.Id.Round.Number);
        }
    }

    private async Task CarryOut(Instruction instruction, IAssignedJob job, IProgress<double> progress, CancellationToken cancellation)
    {
        while (true)
        {
            var status = await Finish(instruction, job, progress, cancellation);
            if (status.Refusal is { } refusal)
            {
                await Refuse(instruction, refusal, cancellation);
                return;
            }

            if (status.Summary is not null || status.Evaluation is not null)
            {
                await Answer(new SurveyAnswer(site, instruction.Id, status.Summary, status.Evaluation, null), cancellation);
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
                    ? await job.Assign(Parent, instruction).WaitAsync(RetryPolicy.CallLimit, time, cancellation)
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
        var difference = await VersionDifference.Open(content, manifests, () => Offer(job, update, round), round, update, cancellation);
        var reply = await _sender.Send(difference, cancellation);
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
                    await Refuse(instruction, reply.Reason ?? "the parent refused the update.", cancellation);
                }

                return !isLate;
            default:
                await job.Settle(round.Number);
                return true;
        }
    }

    private async Task<bool> Offer(IAssignedJob job, SiteUpdate update, RoundKey round)
    {
        var isWanted = await job.Offer(update);
        faultSwitch.Reach(UplinkPoints.Offered, round.Number);
        return isWanted;
    }

    private Task Refuse(Instruction instruction, string sentence, CancellationToken cancellation) =>
        instruction.Id.Kind is InstructionKind.Describe or InstructionKind.Evaluate
            ? Answer(new SurveyAnswer(site, instruction.Id, null, null, sentence), cancellation)
            : retry.Repeat(() => connection.Grains.GetGrain<IRoundGrain>(instruction.Id.Round.ToString()).Decline(site, sentence), cancellation);

    private Task Answer(SurveyAnswer answer, CancellationToken cancellation) =>
        retry.Repeat(() => connection.Grains.GetGrain<ISurveyGrain>(SurveyKey.Of(answer.Instruction)).Answer(answer), cancellation);
}
