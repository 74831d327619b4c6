using System.Globalization;
using OrleansEdge.Benchmarks.Processes;
using OrleansEdge.LocalCluster.Sites;

namespace OrleansEdge.Benchmarks.Sites;

/// <summary>A silo that dies and is started again.</summary>
internal sealed class ClusteredSilo : IDisposable
{
    private readonly SiloPorts _ports;
    private readonly string[] _arguments;
    private readonly IReadOnlyDictionary<string, string> _environment;
    private readonly string _log;
    private ChildProcess _process;
    private int _lives;

    public ClusteredSilo(SiloPorts ports, string[] arguments, IReadOnlyDictionary<string, string> environment, string log)
    {
        _ports = ports;
        _arguments = arguments;
        _environment = environment;
        _log = log;
        _process = Launch();
    }

    public Uri Address => _ports.Address;

    public int ProcessId => _process.Id;

    /// <summary>Ends when the process has ended.</summary>
    public Task Ended => _process.Ended;

    /// <summary>Starts it again where it was.</summary>
    public void StartAgain()
    {
        _process.Dispose();
        _process = Launch();
    }

    /// <inheritdoc/>
    public void Dispose() => _process.Dispose();

    private ChildProcess Launch() => ChildProcess.Start(
        ChildProcess.AssemblyOf("Silo"), string.Create(CultureInfo.InvariantCulture, $"{_log}.{++_lives}.log"), _environment,
        ["serve", "--name", "benchmark", .. _ports.Arguments, .. _arguments]);
}
