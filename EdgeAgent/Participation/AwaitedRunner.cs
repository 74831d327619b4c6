using OrleansEdge.Contracts.Rounds;
using OrleansEdge.Participation;

namespace OrleansEdge.EdgeAgent.Participation;

/// <summary>Carries instructions out, one at a time, and can tell when the last one is over: one that is cancelled takes a moment to notice.</summary>
/// <param name="runner">Carries them out.</param>
internal sealed class AwaitedRunner(IInstructionRunner runner) : IInstructionRunner
{
    private volatile Task _last = Task.CompletedTask;

    /// <summary>Completes when the last one is over, however it ended.</summary>
    public async Task Ended() => await _last.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    /// <inheritdoc/>
    public Task Run(Instruction instruction, IProgress<double> progress, CancellationToken cancellation) =>
        _last = Task.Run(() => runner.Run(instruction, progress, cancellation), CancellationToken.None);
}
