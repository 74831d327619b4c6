using System.CommandLine;
using OrleansEdge.Silo.Commands;
using OrleansEdge.Silo.Hosting;

var root = new RootCommand("OrleansEdge's site server: coordinates the devices that train a model together. Without a verb it serves.");
var serve = ServeCommand.Create();
root.Add(serve);
Commands.AddTo(root);
return await Commands.Run(root, args.Length == 0 ? [serve.Name] : args);
