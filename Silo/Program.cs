using System.CommandLine;
using OrleansEdge.Silo.Commands;
using OrleansEdge.Silo.Hosting;

var root = new RootCommand("OrleansEdge's site server: coordinates the devices that train a model together. Without a verb it serves.");
var serve = ServeCommand.Create();
root.Add(serve);
Commands.AddTo(root);
string[] line = args.Length == 0 ? [serve.Name] : args;

// A site handles signals itself, and takes its time: the library would end it after two seconds.
var isSite = line[0] == serve.Name;
return await Commands.Run(root, line, isSite ? new InvocationConfiguration { ProcessTerminationTimeout = null } : null);
