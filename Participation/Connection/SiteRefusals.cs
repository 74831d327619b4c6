using Microsoft.Extensions.Logging;

namespace OrleansEdge.Participation.Connection;

/// <summary>What silos have said to connections that they refused: told once each, in their words.</summary>
/// <param name="logger">The log.</param>
/// <param name="onRefused">Told each time.</param>
internal sealed partial class SiteRefusals(ILogger logger, Action onRefused)
{
    private string? _told;
    private int _untaken;

    /// <summary>A silo has refused.</summary>
    public void Add(string sentence)
    {
        // The HTTP port and the gateway say the same as a sentence and as a part of one.
        var told = sentence.TrimEnd('.');
        if (!string.Equals(Interlocked.Exchange(ref _told, told), told, StringComparison.OrdinalIgnoreCase))
        {
            LogRefused(told);
        }

        Interlocked.Exchange(ref _untaken, 1);
        onRefused();
    }

    /// <summary>Whether there was a refusal since this was asked last.</summary>
    public bool Take() => Interlocked.Exchange(ref _untaken, 0) == 1;

    [LoggerMessage(LogLevel.Warning, "The site refuses this device's connection: {Sentence}")]
    private partial void LogRefused(string sentence);
}
