using System.CommandLine;
using OrleansEdge.EdgeAgent.Doctor;

namespace OrleansEdge.EdgeAgent.Commands;

/// <summary>The program's verbs.</summary>
internal static class AgentCommands
{
    /// <summary>Makes them all.</summary>
    public static RootCommand Create() => new("OrleansEdge's agent: lends a device's data and processor to a site's training jobs. The data stay here.")
    {
        JoinCommand.Create(),
        SimulateCommand.Create(),
        EvaluateCommand.Create(),
        DataCommand.Create(),
        DoctorCommand.Create(),
        ProbeModelCommand.Create(),
    };
}
