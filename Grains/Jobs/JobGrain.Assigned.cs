using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Rounds;
using OrleansEdge.Contracts.Sites;
using OrleansEdge.Grains.Jobs.Files;

namespace OrleansEdge.Grains.Jobs;

/// <summary>The job as the site's uplink drives it: what the parent wants takes the place of the job's own plan.</summary>
internal sealed partial class JobGrain
{
    public async Task<AssignmentStatus> Assign(SiteName parent, Instruction instruction)
    {
        var refusal = await Exclusively(() => TakeAssignment(parent, instruction));
        await Touch();
        return refusal is null ? StatusOfAssignment() : new() { Refusal = refusal };
    }

    public async Task<AssignmentStatus?> GetAssignment()
    {
        await Touch();
        return _state.Value.Assignment is null ? null : StatusOfAssignment();
    }

    public async Task<bool> Offer(SiteUpdate update)
    {
        await ChangeAssignment(current => current.Update == update && !current.IsOffered ? current with { IsOffered = true } : null);
        return _state.Value.Assignment is { IsOffered: true } assignment && assignment.Update == update;
    }

    public Task HandedOver(SiteUpdate update, bool accepted, bool stale) => ChangeAssignment(current =>
    {
        if (current.Update != update || current.IsDelivered)
        {
            return null;
        }

        if (accepted)
        {
            return current with
            {
                IsDelivered = true,
                Late = null,
                Totals = current.Totals with { Accepted = current.Totals.Accepted + 1, Stale = current.Totals.Stale + (stale ? 1 : 0) },
            };
        }

        LogDiscarded(_job, update.Round, "the parent has refused it, or it cannot be sent.");

        // What was late and is not wanted gives way to the work that the parent wants now.
        var isLate = current.Late == update;
        return current with { Update = null, Latest = null, Late = null, IsOffered = false, IsOver = !isLate };
    });

    public Task Settle(int parentRound) => ChangeAssignment(current =>
    {
        if (current.Round != parentRound || current.Kind is not (InstructionKind.Train or InstructionKind.Initialise) || current is { IsOver: true, Update: null })
        {
            return null;
        }

        TellWhatIsUncertain(current);
        return current.GiveUp();
    });

    public Task EndAssignment() => Exclusively<string?>(async () =>
    {
        if (!IsOver && _state.Value.Assignment is { } assignment)
        {
            await AbandonRound();
            await End(JobPhase.Completed, _state.Value with { Assignment = assignment with { Late = null } });
        }

        return null;
    });

    private async Task<string?> TakeAssignment(SiteName parent, Instruction instruction)
    {
        if (await RefuseAssignment(instruction) is { } refusal)
        {
            return refusal;
        }

        var current = _state.Value;
        var wanted = AssignmentOf(parent, instruction, current.Assignment);
        if (current.Assignment is { } given && IsSame(given, wanted))
        {
            if (given is { IsOver: true, Update: null, IsDelivered: false })
            {
                // The parent has asked again: what could not be done, or was given up, is tried again from where it ended. What it may have taken stays marked.
                await Begin(current, given with { IsOver = false, IsWithdrawn = false, Failure = null, Done = given.Latest is null ? 0 : given.Done });
            }

            return null;
        }

        if (current.Phase == JobPhase.None)
        {
            await records.Begin(_job, instruction.Tiers!);
            current = current with { CreatedAt = time.GetUtcNow(), Definition = instruction.Tiers! };
        }

        TellWhatIsDiscarded(current.Assignment, wanted);
        await AbandonRound();
        if (current.Assignment is { Round: var before } && before < wanted.Round)
        {
            LogAssigned(_job, wanted.Kind, wanted.Round, parent);
        }

        await Begin(WithSource(current, instruction), wanted);
        return null;
    }

    private async Task<string?> RefuseAssignment(Instruction instruction)
    {
        var current = _state.Value;
        if (instruction.Tiers is not { } file)
        {
            return $"the job '{_job}' says nothing of tiers, so a site cannot run it among its devices: add 'tiers:' with an entry for each tier of sites, the least is '- {{}}'.";
        }

        if (current.Phase != JobPhase.None && current.Assignment is null)
        {
            return $"this site has a job '{_job}' of its own: choose another id for the parent's.";
        }

        if (IsOver && current.Phase != JobPhase.None)
        {
            return $"the job '{_job}' has ended here ({current.Phase.ToString().ToLowerInvariant()}): choose another id for a new one.";
        }

        if (current.Assignment is { } given && instruction.Id.Round.Number < given.Round)
        {
            return $"the parent wants round {instruction.Id.Round.Number} of job '{_job}', and this site has done round {given.Round}: the parent has lost what it knew; choose another id for the job.";
        }

        if (current.Definition == file)
        {
            return null;
        }

        try
        {
            if (Parse(file, isOfTier: true).Below is null)
            {
                return $"the job '{_job}' has no entry under 'tiers:' for this site's tier: add one, the least is '- {{}}'.";
            }
        }
        catch (JobFileException exception)
        {
            return $"the parent's job file cannot be used here: {exception.Message.ReplaceLineEndings(" ")}";
        }

        if (current.Phase != JobPhase.None)
        {
            _definition = null;
            await _state.Write(current with { Definition = file });
        }

        return null;
    }

    private static Assignment AssignmentOf(SiteName parent, Instruction instruction, Assignment? before)
    {
        var fresh = new Assignment
        {
            Parent = parent,
            Round = instruction.Id.Round.Number,
            Kind = instruction.Id.Kind,
            TraceParent = instruction.TraceParent,
            Totals = before?.Totals ?? default,
            Late = before is null ? null : before.GiveUp().Late,
        };
        switch (instruction)
        {
            case InitialiseInstruction initialise:
                return fresh with { Seed = initialise.Seed };
            case EvaluateInstruction evaluate:
                return fresh with { Base = evaluate.Version, Scope = evaluate.Scope, Seed = before?.Seed ?? 0 };
            case TrainInstruction train:
                var isWelcome = fresh.Late is { Base: { } late } && (late == train.Base || (!train.Earlier.IsDefault && train.Earlier.Contains(late)));
                return fresh with
                {
                    Base = train.Base,
                    Seed = train.Seed,
                    Late = isWelcome ? fresh.Late : null,
                    Update = isWelcome ? fresh.Late : null,
                    IsOver = isWelcome,
                };
            default:
                return fresh;
        }
    }

    private static bool IsSame(Assignment given, Assignment wanted) => given.Round == wanted.Round && given.Kind == wanted.Kind && given.Base == wanted.Base;

    private static JobState WithSource(JobState state, Instruction instruction) => instruction switch
    {
        InitialiseInstruction initialise => state with { Source = initialise.Source, Task = initialise.Task },
        TrainInstruction train => state with { Source = train.Source, Task = train.Task },
        EvaluateInstruction evaluate => state with { Source = evaluate.Source, Task = evaluate.Task },
        _ => state,
    };

    private async Task Begin(JobState state, Assignment assignment)
    {
        _memory.Summary = null;
        _memory.Evaluation = null;
        _memory.CannotInitialise.Clear();
        _memory.Withdrawn = [];
        var next = state with
        {
            Assignment = assignment,
            Outcome = null,
            Phase = assignment.IsOver ? JobPhase.Waiting : assignment.Kind switch
            {
                InstructionKind.Describe => JobPhase.Describing,
                InstructionKind.Initialise => JobPhase.Initialising,
                InstructionKind.Evaluate => JobPhase.Evaluating,
                _ => JobPhase.Training,
            },
        };
        if (assignment is { Kind: InstructionKind.Initialise, IsOver: false })
        {
            next.Round = 0;
        }
        else if (assignment is { Kind: InstructionKind.Train, IsOver: false })
        {
            var below = (_definition ??= Parse(next.Definition, isOfTier: true)).Below!;
            next.Round = Math.Max(next.Round, AssignedSteps.FirstRound(below, assignment.Round) + assignment.Done);
        }

        await _state.Write(next);
    }

    /// <summary>Changes the assignment; a round that it does not need any more is given up, and work that it does need begins.</summary>
    private Task<string?> ChangeAssignment(Func<Assignment, Assignment?> change) => Exclusively<string?>(async () =>
    {
        if (IsOver || _state.Value.Assignment is not { } current || change(current) is not { } changed)
        {
            return null;
        }

        if (changed.IsOver)
        {
            await AbandonRound();
        }

        await Begin(_state.Value, changed);
        _ = Pump.Run();
        return null;
    });

    /// <summary>What a site's participants have done, and nobody will have, is said.</summary>
    private void TellWhatIsDiscarded(Assignment? before, Assignment wanted)
    {
        if (before is null)
        {
            return;
        }

        TellWhatIsUncertain(before);
        if (before.GiveUp().Late is { } late && wanted.Late is null)
        {
            LogDiscarded(_job, late.Round, late.Base is null
                ? "it is a first version, and the parent has one."
                : $"the version that it started from is older than round {wanted.Round} takes.");
        }
    }

    private void TellWhatIsUncertain(Assignment given)
    {
        if (given is { IsOffered: true, IsDelivered: false, Update: { } update })
        {
            LogDiscarded(_job, update.Round, $"the parent may have taken it in round {given.Round}, and nothing may count twice.");
        }
    }

    /// <summary>Takes back what participants are doing. The round's number is not used again.</summary>
    private async Task AbandonRound()
    {
        if (_state.Value.Phase is JobPhase.None or JobPhase.Waiting)
        {
            return;
        }

        await Steps.Release(Definition, _state.Value.Round);
        if (_state.Value.Phase is JobPhase.Training or JobPhase.Evaluating or JobPhase.Initialising)
        {
            await Round(_state.Value.Round).Abandon();
        }
    }

    private AssignmentStatus StatusOfAssignment()
    {
        var assignment = _state.Value.Assignment!;
        return new()
        {
            Refusal = assignment.Failure ?? (IsOver ? $"the job '{_job}' has ended at this site." : null),
            IsWithdrawn = assignment.IsWithdrawn,
            Round = assignment.Round,
            Kind = assignment.Kind,
            Update = assignment.Update,
            Summary = assignment.Kind == InstructionKind.Describe ? _memory.Summary : null,
            Evaluation = assignment.Kind == InstructionKind.Evaluate ? _memory.Evaluation : null,
            Progress = assignment.Kind == InstructionKind.Train ? Math.Min(1, (double)assignment.Done / Definition.Rounds) : 0,
            IsKept = (assignment.Update ?? assignment.Latest ?? assignment.Late) is not null,
            Report = Report(),
        };
    }

    private SiteJob? Report() => _state.Value.Assignment is not { } assignment ? null : new(
        _job, assignment.Round, assignment.Totals.Rounds, assignment.Totals.Autonomous, assignment.Totals.Accepted, assignment.Totals.Stale,
        _state.Value.Evaluation?.Accuracy);

    [Microsoft.Extensions.Logging.LoggerMessage(Microsoft.Extensions.Logging.LogLevel.Warning, "Job {Job}: what was made for the parent's round {Round} is thrown away: {Reason}")]
    private partial void LogDiscarded(JobId job, int round, string reason);

    [Microsoft.Extensions.Logging.LoggerMessage(Microsoft.Extensions.Logging.LogLevel.Information, "Job {Job}: {Kind} of round {Round}, for the parent '{Parent}'")]
    private partial void LogAssigned(JobId job, InstructionKind kind, int round, SiteName parent);
}
