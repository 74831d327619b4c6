using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Participants;
using OrleansEdge.Contracts.Rounds;
using OrleansEdge.Contracts.Sites;
using OrleansEdge.Participation.Connection;
using OrleansEdge.Participation.Identity;

namespace OrleansEdge.Participation;

/// <summary>
/// A participant's life: register, ask for an instruction on a heartbeat, carry it out, ask again. Goes on for ever, whatever happens to the
/// site; ends only when the site says that this participant has no place there.
/// </summary>
internal sealed partial class ParticipantLoop(
    ParticipantId participant,
    IParticipantState state,
    SiteConnection connection,
    RetryPolicy retry,
    IInstructionRunner runner,
    TimeProvider time,
    ILogger logger) : IDisposable
{
    /// <summary>How often the site hears from a participant that works.</summary>
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(2);

    private readonly List<FinishedInstruction> _finished = [];
    private Registration? _registration;
    private Work? _work;

    private IParticipantGrain Grain => connection.Grains.GetGrain<IParticipantGrain>(participant.Value);

    /// <summary>Lives until cancelled.</summary>
    /// <exception cref="ParticipantRefusedException">The site refuses this participant.</exception>
    public async Task Run(CancellationToken cancellation)
    {
        for (var failures = 0; !cancellation.IsCancellationRequested;)
        {
            // By now there may be another token than at the turn before.
            AccessTokenSource.Current?.Enter();
            try
            {
                await Register(cancellation);
                var reply = await Sync(_registration!, cancellation);
                state.Reached(trouble: null);
                if (failures > 0)
                {
                    LogBack(participant);
                }

                failures = 0;
                _registration = reply.Standing == SyncStanding.Current ? _registration : null;
                if (reply.Standing == SyncStanding.Superseded)
                {
                    throw new ParticipantRefusedException($"another process with the key of '{participant}' has taken over; this one ends.");
                }

                if (_registration is not null)
                {
                    await Obey(reply, cancellation);
                }
            }
            catch (Exception exception) when (RetryPolicy.IsTransient(exception, cancellation))
            {
                state.Reached(exception.Message);
                if (failures++ == 0)
                {
                    LogAway(participant, exception.Message);
                }

                await retry.Delay(failures, cancellation);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // What is disposed of no longer hears that the participant ends.
        _work?.Cancel();
        _work?.Dispose();
    }

    /// <summary>Once, and again whenever there is something else to say.</summary>
    private async Task Register(CancellationToken cancellation)
    {
        var registration = await state.Describe();
        if (_registration is { } known && known.Process == registration.Process && known.Data.SequenceEqual(registration.Data))
        {
            return;
        }

        var reply = await retry.Call(() => Grain.Register(registration), cancellation);
        if (reply.Refusal is { } refusal)
        {
            throw new ParticipantRefusedException(refusal);
        }

        _registration = registration;

        // The first heartbeat may be held back for a while.
        state.Reached(trouble: null);
        LogRegistered(participant, connection.Site.Name);
    }

    private async Task<SyncReply> Sync(Registration registration, CancellationToken cancellation)
    {
        var finished = _finished.ToImmutableArray();
        var report = await state.Complete(new SyncReport(
            registration.Process, new ParticipantActivity(_work?.Instruction.Id, _work?.Progress ?? 0), finished, Outbox: [], Wait: _work is null));
        var reply = await retry.Call(() => Grain.Sync(report, CancellationToken.None).AsTask(), cancellation);
        _finished.RemoveRange(0, finished.Length);
        await state.Take(reply);
        return reply;
    }

    private async Task Obey(SyncReply reply, CancellationToken cancellation)
    {
        if (_work is null)
        {
            if (reply.Instruction is WaitInstruction or StopInstruction)
            {
                return;
            }

            LogBegins(participant, reply.Instruction.Id);
            _work = new Work(reply.Instruction, runner, cancellation);
        }
        else if (reply.Instruction is StopInstruction stop && stop.Id == _work.Instruction.Id)
        {
            LogStopped(participant, stop.Id);
            _work.Cancel();
        }

        await Task.WhenAny(_work.Task, Task.Delay(Heartbeat, time, cancellation));
        if (_work.Task.IsCompleted)
        {
            await Finish(_work);
        }
    }

    private async Task Finish(Work work)
    {
        _work = null;
        _finished.Add(new(work.Instruction.Id, work.Instruction.Offer));
        try
        {
            await work.Task;
        }
        catch (OperationCanceledException) when (work.IsCancelled)
        {
            // The site took the instruction back.
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogFailed(exception, participant, work.Instruction.Id);
        }
        finally
        {
            work.Dispose();
        }
    }

    /// <summary>An instruction that is being carried out.</summary>
    private sealed class Work : IProgress<double>, IDisposable
    {
        private readonly CancellationTokenSource _stop;
        private double _progress;

        public Work(Instruction instruction, IInstructionRunner runner, CancellationToken cancellation)
        {
            Instruction = instruction;
            _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            Task = System.Threading.Tasks.Task.Run(() => runner.Run(instruction, this, _stop.Token), _stop.Token);
        }

        public Instruction Instruction { get; }

        public Task Task { get; }

        public double Progress => Volatile.Read(ref _progress);

        public bool IsCancelled => _stop.IsCancellationRequested;

        public void Report(double value) => Volatile.Write(ref _progress, value);

        public void Cancel() => _stop.Cancel();

        public void Dispose() => _stop.Dispose();
    }

    [LoggerMessage(LogLevel.Information, "'{Participant}' takes part at site '{Site}'")]
    private partial void LogRegistered(ParticipantId participant, string site);

    [LoggerMessage(LogLevel.Information, "'{Participant}' begins: {Instruction}")]
    private partial void LogBegins(ParticipantId participant, InstructionId instruction);

    [LoggerMessage(LogLevel.Information, "'{Participant}' is told to stop: {Instruction}")]
    private partial void LogStopped(ParticipantId participant, InstructionId instruction);

    [LoggerMessage(LogLevel.Warning, "'{Participant}' cannot take part at its site now and tries again for as long as it takes: {Reason}")]
    private partial void LogAway(ParticipantId participant, string reason);

    [LoggerMessage(LogLevel.Information, "'{Participant}' takes part at its site again")]
    private partial void LogBack(ParticipantId participant);

    [LoggerMessage(LogLevel.Error, "'{Participant}' could not carry out {Instruction}")]
    private partial void LogFailed(Exception exception, ParticipantId participant, InstructionId instruction);
}

/// <summary>The site refuses a participant for good. The message is one sentence for a person.</summary>
internal sealed class ParticipantRefusedException(string message) : Exception(message);
