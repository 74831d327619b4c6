using System.Collections.Immutable;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Contracts.Rounds;

namespace OrleansEdge.Grains.Rounds;

/// <summary>What the participants of a round have said: who has committed, who cannot. Memory only: their outboxes are the log.</summary>
internal sealed class RoundLedger
{
    /// <summary>How often a participant is asked to send what a shard does not hold before it counts as unable.</summary>
    public const int Resends = 3;

    private readonly SortedDictionary<ParticipantId, UpdateCommit> _commits = [];
    private readonly SortedDictionary<ParticipantId, string> _declined = [];
    private readonly SortedDictionary<ParticipantId, string> _withdrawn = [];
    private readonly Dictionary<ParticipantId, int> _resends = [];

    /// <summary>The commits by participant, in the order of ids.</summary>
    public IReadOnlyDictionary<ParticipantId, UpdateCommit> Commits => _commits;

    /// <summary>The reasons of those that cannot contribute now, in the order of ids.</summary>
    public IReadOnlyDictionary<ParticipantId, string> Declined => _declined;

    /// <summary>The reasons of those that will not contribute however often they are asked, in the order of ids.</summary>
    public IReadOnlyDictionary<ParticipantId, string> Withdrawn => _withdrawn;

    /// <summary>The first of those that cannot contribute; null where there is none.</summary>
    public ParticipantRefusal? FirstRefusal =>
        _declined.Concat(_withdrawn).Select(entry => new ParticipantRefusal(entry.Key, entry.Value)).FirstOrDefault();

    /// <summary>Takes a commit; replaces an earlier one and takes back an earlier refusal of the same participant.</summary>
    public void Commit(UpdateCommit commit)
    {
        _commits[commit.Participant] = commit;
        _declined.Remove(commit.Participant);
    }

    /// <summary>Notes that a participant cannot contribute; false if it has committed, or withdrawn, which counts more.</summary>
    public bool Decline(ParticipantId participant, string reason)
    {
        if (_commits.ContainsKey(participant) || _withdrawn.ContainsKey(participant))
        {
            return false;
        }

        _declined[participant] = reason;
        return true;
    }

    /// <summary>Notes that a participant will not contribute; false if it has committed, which counts more, or has said so before.</summary>
    public bool Withdraw(ParticipantId participant, string reason)
    {
        if (_commits.ContainsKey(participant))
        {
            return false;
        }

        _declined.Remove(participant);
        return _withdrawn.TryAdd(participant, reason);
    }

    /// <summary>
    /// Notes that a shard does not hold what was committed. A shard that lost its memory gets it again; an update that never fits the model
    /// does not arrive however often it is sent, and must not keep the round busy for ever.
    /// </summary>
    /// <returns>Whether the participant should send again.</returns>
    public bool Lose(ParticipantId participant)
    {
        _commits.Remove(participant);
        var resends = _resends.GetValueOrDefault(participant) + 1;
        _resends[participant] = resends;
        if (resends <= Resends)
        {
            return true;
        }

        _declined[participant] = $"its update does not have the model's shape, or did not arrive whole in {resends} attempts.";
        return false;
    }

    /// <summary>Gives everyone another chance who has not withdrawn.</summary>
    public void ForgetDeclined()
    {
        _declined.Clear();
        _resends.Clear();
    }

    /// <summary>What came of the round.</summary>
    public RoundOutcome Sum(RoundKey round, RoundPlan plan, RoundState state, VersionRecord? version, string? failure, double seconds)
    {
        var committed = version?.Contributors.Length ?? 0;
        return new(
            round, version, failure, committed, Remaining(state.Selected).Length - committed, _commits.Values.Sum(commit => commit.BytesResent), seconds,
            state.TraceParent, _commits.Values.Sum(commit => commit.TrainingSeconds))
        {
            Refusal = FirstRefusal,
            Withdrawn = [.. _withdrawn.Keys],
            Late = version?.Contributors.Count(contributor => _commits.TryGetValue(contributor, out var commit) && commit.Base != plan.Base?.Manifest) ?? 0,
        };
    }

    /// <summary>Those of a list that have not withdrawn.</summary>
    public ImmutableArray<ParticipantId> Remaining(ImmutableArray<ParticipantId> participants) =>
        _withdrawn.Count == 0 ? participants : participants.RemoveAll(_withdrawn.ContainsKey);

    /// <summary>Those of a list that have said nothing.</summary>
    public ImmutableArray<ParticipantId> Silent(ImmutableArray<ParticipantId> participants) => participants.RemoveAll(
        participant => _commits.ContainsKey(participant) || _declined.ContainsKey(participant) || _withdrawn.ContainsKey(participant));
}
