namespace OrleansEdge.Benchmarks.Runs;

/// <summary>What is measured.</summary>
/// <param name="Devices">The number of participants.</param>
/// <param name="Processes">The number of agent processes that they are divided over.</param>
/// <param name="PerConnection">The number of devices that share a connection.</param>
/// <param name="Megabytes">The size of the weights, in 10⁶ bytes.</param>
/// <param name="Strategy">How updates become the next version.</param>
/// <param name="Rounds">The number of rounds, of which the first two are left out.</param>
/// <param name="Exchanges">How often the plain exchange is timed, before and again after the rounds; 0 for not at all.</param>
/// <param name="Work">Where the run's folder is made; null for the system's temporary folder.</param>
internal sealed record EchoPlan(
    int Devices, int Processes, int PerConnection, double Megabytes, string Strategy, int Rounds, int Exchanges, string? Work)
{
    /// <summary>Rounds that are left out.</summary>
    public const int WarmUp = 2;

    /// <summary>What is wrong with the agents' links, in the words of <c>LocalCluster --faults</c>; null for nothing.</summary>
    public string? Faults { get; init; }

    /// <summary>Plain exchanges that are left out: their processes compile their code with the first ones.</summary>
    public const int ExchangeWarmUp = 5;

    /// <summary>The number of weights.</summary>
    public int Parameters => Math.Max(1, (int)(Megabytes * 1e6 / sizeof(float)));
}

/// <summary>What came out.</summary>
/// <param name="Devices">Participants.</param>
/// <param name="Megabytes">The size of the weights, in 10⁶ bytes.</param>
/// <param name="Strategy">The strategy.</param>
/// <param name="Median">The median round, from opening to publication, in seconds.</param>
/// <param name="Fastest">The fastest round.</param>
/// <param name="Slowest">The slowest round.</param>
/// <param name="Exchange">The median plain exchange, in seconds; null where there was none.</param>
/// <param name="Ratio">The one by the other.</param>
/// <param name="SiloPeakMegabytes">The silo's VmHWM, in 10⁶ bytes.</param>
/// <param name="AgentsPeakMegabytes">The largest VmHWM of an agent process.</param>
/// <param name="SiloProcessorSeconds">Processor time of the silo in a round.</param>
/// <param name="AgentsProcessorSeconds">Processor time of all agents in a round.</param>
/// <param name="WireMegabytes">Bytes at the gateway over the whole run, both ways, in 10⁶.</param>
/// <param name="Rounds">All rounds that count, in seconds.</param>
internal sealed record EchoFigures(
    int Devices, double Megabytes, string Strategy, double Median, double Fastest, double Slowest, double? Exchange, double? Ratio,
    double SiloPeakMegabytes, double AgentsPeakMegabytes, double SiloProcessorSeconds, double AgentsProcessorSeconds, double WireMegabytes,
    IReadOnlyList<double> Rounds)
{
    /// <summary>What was wrong with the agents' links; null for nothing.</summary>
    public string? Faults { get; init; }

    /// <summary>Updates that were sent again, over all rounds.</summary>
    public double UpdatesResent { get; init; }
}
