using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using OrleansEdge.Silo.Doctor;
using OrleansEdge.Silo.Hosting;

namespace OrleansEdge.Silo.Commands;

/// <summary>The program's verbs. An operator's are each a client of a running site, but those that make certificates.</summary>
internal static class Commands
{
    /// <summary>The verb that runs a site.</summary>
    public const string Serve = "serve";

    /// <summary>All verbs.</summary>
    public static RootCommand CreateRoot()
    {
        var root = new RootCommand("OrleansEdge's site server: coordinates the devices that train a model together. Without a verb it serves.");
        var serve = ServeCommand.Create();
        root.Add(serve);
        root.Add(DoctorCommand.Create(serve));
        AddTo(root);
        return root;
    }

    /// <summary>Adds <c>jobs</c>, <c>models</c>, <c>devices</c>, <c>sites</c>, <c>certs</c>, <c>operators</c> and <c>audit</c>.</summary>
    public static void AddTo(RootCommand root)
    {
        root.Subcommands.Add(JobCommands.Create());
        root.Subcommands.Add(ModelCommands.Create());
        root.Subcommands.Add(DeviceCommands.Create());
        root.Subcommands.Add(SiteCommands.Create());
        root.Subcommands.Add(CertificateCommands.Create());
        root.Subcommands.Add(OperatorCommands.Create());
        root.Subcommands.Add(AuditCommands.Create());
    }

    /// <summary>Runs a command line. A command line that cannot be read ends with <see cref="ExitCodes.WrongInput"/>.</summary>
    public static async Task<int> Run(
        RootCommand root, IReadOnlyList<string> arguments, InvocationConfiguration? configuration = null, CancellationToken cancellation = default)
    {
        configuration ??= new InvocationConfiguration();
        var parse = root.Parse(arguments);
        if (parse.Errors.Count > 0 && parse.Action is ParseErrorAction)
        {
            foreach (var error in parse.Errors)
            {
                await configuration.Error.WriteLineAsync($"error: {error.Message}");
            }

            await configuration.Error.WriteLineAsync($"'{Name(parse.CommandResult.Command)} --help' says what there is.");
            return ExitCodes.WrongInput;
        }

        return await parse.InvokeAsync(configuration, cancellation);
    }

    /// <summary>A command whose help ends with examples.</summary>
    internal static Command Create(string name, string description, params string[] examples)
    {
        var command = new Command(name, description);
        if (examples.Length > 0)
        {
            command.Options.Add(new HelpOption { Action = new HelpWithExamples(examples) });
        }

        return command;
    }

    private static string Name(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent and not RootCommand ? $"{Name(parent)} {command.Name}" : command.Name;

    private sealed class HelpWithExamples(string[] examples) : SynchronousCommandLineAction
    {
        private readonly HelpAction _help = new();

        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            var code = _help.Invoke(parseResult);
            var output = parseResult.InvocationConfiguration.Output;
            output.WriteLine("Examples:");
            foreach (var example in examples)
            {
                output.WriteLine($"  Silo {example}");
            }

            output.WriteLine();
            return code;
        }
    }
}
