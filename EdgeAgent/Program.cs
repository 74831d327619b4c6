using System.CommandLine;
using OrleansEdge.EdgeAgent.Commands;

var root = new RootCommand("OrleansEdge's agent: lends a device's data and processor to a site's training jobs. The data stay here.")
{
    JoinCommand.Create(),
    SimulateCommand.Create(),
    EvaluateCommand.Create(),
    DataCommand.Create(),
    ProbeModelCommand.Create(),
};
return await CommandRun.Run(root, args.Length == 0 ? ["--help"] : args);
