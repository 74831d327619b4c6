using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Rounds;
using OrleansEdge.Grains.Coordination;
using OrleansEdge.Grains.Jobs;
using OrleansEdge.Grains.Participants;
using OrleansEdge.Grains.Placement;
using OrleansEdge.Grains.Rounds;

namespace OrleansEdge.Grains.Surveys;

/// <summary>Collects small answers. Memory only: whoever loses it asks again, and answering twice is answering once.</summary>
[Reentrant, NearJob]
internal sealed partial class SurveyGrain(
    IGrainContext context,
    IGrainFactory grains,
    TimeProvider time,
    IOptions<CoordinationOptions> options,
    ILogger<SurveyGrain> logger) : IGrainBase, ISurveyGrain, ISurveyControl
{
    private readonly SortedDictionary<ParticipantId, SurveyAnswer> _answers = [];
    private ImmutableArray<ParticipantId> _asked = [];
    private Instruction? _instruction;
    private DateTimeOffset _askedAt;
    private TimeSpan _patience;
    private DateTimeOffset _ensuredAt;

    public IGrainContext GrainContext => context;

    public async Task<SurveyStatus> Ask(Instruction instruction, ImmutableArray<ParticipantId> participants, TimeSpan patience)
    {
        if (_instruction is null)
        {
            _instruction = instruction;
            _asked = participants;
            _askedAt = time.GetUtcNow();
            _patience = patience > TimeSpan.Zero ? patience : options.Value.SurveyDeadline;
            await Task.WhenAll(participants.Select(participant => grains.GetGrain<IParticipantInbox>(participant.Value).Offer(instruction)));
        }

        return Status();
    }

    public ValueTask<SurveyStatus?> GetStatus()
    {
        if (_instruction is not { } instruction)
        {
            return new(default(SurveyStatus));
        }

        var status = Status();
        var now = time.GetUtcNow();
        if (now - _ensuredAt >= options.Value.AnnounceInterval)
        {
            // A participant's grain that was made anew no longer knows what was asked. Not waited for: it is said again.
            _ensuredAt = now;
            Task.WhenAll(status.Waiting.Select(participant => grains.GetGrain<IParticipantInbox>(participant.Value).Ensure(instruction))).Ignore();
        }

        return new(status);
    }

    public async Task Answer(SurveyAnswer answer)
    {
        if (_instruction?.Id != answer.Instruction || !_asked.Contains(answer.Participant))
        {
            return;
        }

        var accepted = AnswerRules.Accept(answer);
        if (accepted.Refusal is { } reason)
        {
            LogRefused(answer.Instruction, answer.Participant, reason);
        }

        _answers[answer.Participant] = accepted;
        if (Status().IsComplete)
        {
            await grains.GetGrain<IJobControl>(answer.Instruction.Round.Job.Value).Touch();
        }
    }

    public async Task End()
    {
        if (_instruction is { } instruction)
        {
            _instruction = null;
            RoundTrace.Record(
                instruction.Id.Kind == InstructionKind.Describe ? "describe" : "evaluate", instruction.TraceParent, instruction.Id.Round, _askedAt,
                time.GetUtcNow(), _answers.Count);
            await Task.WhenAll(_asked.Where(participant => !_answers.ContainsKey(participant))
                .Select(participant => grains.GetGrain<IParticipantInbox>(participant.Value).Withdraw(instruction.Id)));
            _answers.Clear();
            _asked = [];
        }

        this.DeactivateOnIdle();
    }

    private SurveyStatus Status()
    {
        var waiting = _asked.Where(participant => !_answers.ContainsKey(participant)).ToImmutableArray();
        return new(waiting.IsEmpty || time.GetUtcNow() >= _askedAt + _patience, [.. _answers.Values], waiting);
    }

    [LoggerMessage(LogLevel.Warning, "{Instruction}: '{Participant}' cannot answer: {Reason}")]
    private partial void LogRefused(InstructionId instruction, ParticipantId participant, string reason);
}
