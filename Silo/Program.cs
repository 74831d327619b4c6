using System.CommandLine;
using OrleansEdge.Silo.Commands;

string[] line = args.Length == 0 ? [Commands.Serve] : args;

// A site handles signals itself, and takes its time: the library would end it after two seconds.
var isSite = line[0] == Commands.Serve;
return await Commands.Run(Commands.CreateRoot(), line, isSite ? new InvocationConfiguration { ProcessTerminationTimeout = null } : null);
