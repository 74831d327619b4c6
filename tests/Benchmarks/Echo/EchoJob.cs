using System.Globalization;
using OrleansEdge.Benchmarks.Processes;

namespace OrleansEdge.Benchmarks.Echo;

/// <summary>The job of agents that return their weights, at a site that may have several silos.</summary>
internal static class EchoJob
{
    /// <summary>Its name.</summary>
    public const string Name = "echo";

    /// <summary>Its file: every round waits for all devices.</summary>
    public static string File(int rounds, int devices) => $$"""
        job: {{Name}}
        model: logistic
        data: {{EchoAgentCommand.DataOffered}}
        rounds: {{rounds}}
        participants: {perRound: {{devices}}, minimum: {{devices}}}
        quorum: all
        onMissedQuorum: extend
        deadline: 10m
        evaluation: none
        """;

    /// <summary>Starts a process with devices, each on a connection of its own.</summary>
    /// <param name="work">Where it writes.</param>
    /// <param name="site">The silos' HTTP addresses.</param>
    /// <param name="first">The first device's number.</param>
    /// <param name="devices">How many.</param>
    /// <param name="parameters">The number of weights.</param>
    /// <param name="commits">Where commits are noted; null for nowhere.</param>
    public static ChildProcess StartAgents(WorkFolder work, IReadOnlyList<Uri> site, int first, int devices, int parameters, string? commits = null) => ChildProcess.StartSelf(
        work.At($"agents{first}.log"),
        [
            EchoAgentCommand.Verb, .. site.SelectMany(address => new[] { "--site", address.ToString() }), "--first", Text(first), "--devices", Text(devices),
            "--per-connection", "1", "--parameters", Text(parameters), "--folder", work.At("agents"), .. commits is null ? [] : new[] { "--commits", commits },
        ]);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
