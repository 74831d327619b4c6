using System.CommandLine;
using OrleansEdge.EdgeAgent.Commands;

var root = new RootCommand("Trains and serves models where the data is.") { ProbeModelCommand.Create() };
return await root.Parse(args).InvokeAsync();
