namespace OrleansEdge.Soak;

/// <summary>Decides when the next process is killed, and which: the same for the same seed.</summary>
/// <param name="seed">The seed.</param>
/// <param name="mean">The mean time between two kills.</param>
/// <param name="agents">The number of agents.</param>
internal sealed class RandomKills(int seed, TimeSpan mean, int agents)
{
    /// <summary>Stands for the silo in <see cref="Next"/>.</summary>
    public const int Silo = -1;

    /// <summary>The silo is one process of several, and the one that matters most.</summary>
    private const double SiloShare = 0.4;

    private readonly Random _random = new(seed);

    /// <summary>The time to the next kill, half to one and a half of the mean, and an agent's index or <see cref="Silo"/>.</summary>
    public (TimeSpan After, int Process) Next() =>
        (mean * (0.5 + _random.NextDouble()), _random.NextDouble() < SiloShare ? Silo : _random.Next(agents));
}
