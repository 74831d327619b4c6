using OrleansEdge.Contracts.Rounds;

namespace OrleansEdge.Participation;

/// <summary>Carries out what a participant is told to do: a device computes, a site has its own participants do it.</summary>
internal interface IInstructionRunner
{
    /// <summary>Carries it out, and says to the coordinator what came of it.</summary>
    /// <param name="instruction">What is to be done.</param>
    /// <param name="progress">Told the share that is done, 0 to 1.</param>
    /// <param name="cancellation">Ends it: the coordinator has taken the instruction back, or the participant ends.</param>
    Task Run(Instruction instruction, IProgress<double> progress, CancellationToken cancellation);
}
