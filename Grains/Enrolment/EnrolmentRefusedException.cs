namespace OrleansEdge.Grains.Enrolment;

/// <summary>A device is not enrolled. The message is one sentence for whoever runs the device; it begins in lower case and has no full stop.</summary>
/// <param name="message">The sentence.</param>
/// <param name="isGuess">Whether it may have been an attempt at guessing, which is slowed down.</param>
public sealed class EnrolmentRefusedException(string message, bool isGuess = false) : Exception(message)
{
    /// <summary>Whether it may have been an attempt at guessing.</summary>
    public bool IsGuess { get; } = isGuess;
}
