using System.CommandLine;
using System.Globalization;
using OrleansEdge.Contracts.Faults.Network;
using OrleansEdge.LocalCluster.Faults;
using OrleansEdge.LocalCluster.Runs;
using OrleansEdge.LocalCluster.Storage;

namespace OrleansEdge.LocalCluster.Commands;

/// <summary>The command line of this program.</summary>
internal static class ClusterCommand
{
    /// <summary>The exit code of a command line that cannot be used.</summary>
    public const int UsageExitCode = 2;

    private const int MostDevices = 256;
    private const int MostSilos = 16;
    private const int MostRounds = 100_000;

    private static readonly Option<string?> Devices = Arguments.Text("--devices", "N", "How many agent processes to start (default 4); with --sites, at each site.");
    private static readonly Option<string?> Silos = Arguments.Text("--silos", "N", "How many silo processes a site has (default 1); several need --storage azurite.");
    private static readonly Option<bool> NewPorts = new("--new-ports")
    {
        Description = "A silo that was killed comes back on other ports, as where machines are replaced.",
    };

    private static readonly Option<bool> Insecure = new("--insecure")
    {
        Description = "Run without certificates, in clear, to compare with.",
    };

    private static readonly Option<string?> Storage = Arguments.Text("--storage", "KIND", "Where models and jobs are kept: folder or azurite (default folder).");
    private static readonly Option<string?> Data =
        Arguments.Text("--data", "SPEC", "The data: generated, mnist:FOLDER or csv:FILE?label=COLUMN (default generated).");
    private static readonly Option<string?> Split =
        Arguments.Text("--split", "SPEC", "How the data are divided: iid, dirichlet:ALPHA or classes:K (default iid).");
    private static readonly Option<string?> JobFile =
        Arguments.Text("--job", "FILE", "A job file (default: a small convolutional network on digits, 5 rounds).");
    private static readonly Option<string?> Rounds = Arguments.Text("--rounds", "N", "The number of rounds, in place of the job's.");
    private static readonly Option<string?> Work =
        Arguments.Text("--work", "FOLDER", "Where models, logs and all else go; it is kept (default: a temporary folder).");
    private static readonly Option<bool> Keep = new("--keep") { Description = "Keep the temporary work folder." };
    private static readonly Option<bool> Json = new("--json") { Description = "Write the result as one line of JSON on standard output." };
    private static readonly Option<string?> RollingRestart = Arguments.Text("--rolling-restart", "ROUND",
        "From this round on, tell each silo to end, one after the other, and start it again, as for an upgrade.");
    private static readonly Option<string?> Network = Arguments.Text("--faults", "FAULTS",
        "What is wrong with the network of each site: any of drop:0.02 delay:200ms~50ms bandwidth:1mbit partition:20s@3 in one text.");
    private static readonly Option<string?> Seed = Arguments.Text("--seed", "N", "Seeds the division of the data, and the default job (default 1).");

    /// <summary>Reads the command line and does what it says.</summary>
    /// <returns>The exit code: 0 only if the job completed.</returns>
    public static async Task<int> Run(string[] arguments, TimeProvider time, CancellationToken cancellation)
    {
        var result = Create(time).Parse(arguments);
        if (result.Errors.Count > 0)
        {
            await Console.Error.WriteLineAsync($"{result.Errors[0].Message.TrimEnd('.')}: see --help.");
            return UsageExitCode;
        }

        // This program handles signals itself: the library would end it while processes are still running.
        return await result.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false },
            cancellation);
    }

    /// <summary>Reads the options.</summary>
    /// <exception cref="FormatException">They cannot be used; the message says what is allowed.</exception>
    public static ClusterOptions Read(IReadOnlyList<string> arguments)
    {
        var result = Create(TimeProvider.System).Parse(arguments);
        return result.Errors.Count == 0 ? Read(result) : throw new FormatException($"{result.Errors[0].Message.TrimEnd('.')}: see --help.");
    }

    private static RootCommand Create(TimeProvider time)
    {
        var root =
            new RootCommand("Starts sites and devices as processes on this machine, trains a model, shows how it goes, and ends them all.");
        Option[] options =
        [
            Devices, .. HierarchyArguments.All, Silos, NewPorts, Insecure, Storage, Data, Split, JobFile, Rounds, Work, Keep, Json,
            .. FaultArguments.All, RollingRestart, Network, Seed,
        ];
        foreach (var option in options)
        {
            root.Options.Add(option);
        }

        root.SetAction((result, cancellation) => Act(result, time, cancellation));
        return root;
    }

    private static async Task<int> Act(ParseResult result, TimeProvider time, CancellationToken cancellation)
    {
        if (FaultArguments.Kills(result) == FaultHelp.ListWord)
        {
            await Console.Out.WriteAsync(FaultHelp.Describe());
            return 0;
        }

        try
        {
            return await ClusterRun.Run(Read(result), time, cancellation);
        }
        catch (FormatException exception)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return UsageExitCode;
        }
    }

    private static ClusterOptions Read(ParseResult result)
    {
        var options = new ClusterOptions();
        return FaultArguments.Read(result, Require(options with
        {
            Devices = Arguments.Number(result, Devices, 1, MostDevices) ?? options.Devices,
            Hierarchy = HierarchyArguments.Read(result),
            Silos = Arguments.Number(result, Silos, 1, MostSilos) ?? options.Silos,
            NewPorts = result.GetValue(NewPorts),
            IsInsecure = result.GetValue(Insecure),
            Storage = ReadStorage(result),
            Data = Arguments.NotEmpty(result, Data) ?? options.Data,
            Split = Arguments.NotEmpty(result, Split) ?? options.Split,
            JobFile = Arguments.NotEmpty(result, JobFile),
            Rounds = Arguments.Number(result, Rounds, 1, MostRounds),
            Work = Arguments.NotEmpty(result, Work),
            Keep = result.GetValue(Keep),
            Json = result.GetValue(Json),
            RollingRestart = Arguments.Number(result, RollingRestart, 1, MostRounds),
            Network = result.GetValue(Network) is { } network ? NetworkFaults.Parse(network) : NetworkFaults.None,
            Seed = ReadSeed(result) ?? options.Seed,
        }));
    }

    private static StorageKind ReadStorage(ParseResult result) => result.GetValue(Storage) switch
    {
        null or "folder" => StorageKind.Folder,
        "azurite" => StorageKind.Azurite,
        var other => throw new FormatException($"--storage is '{other}': give folder or azurite."),
    };

    private static ClusterOptions Require(ClusterOptions options)
    {
        if (options.Silos > 1 && options.Storage != StorageKind.Azurite)
        {
            throw new FormatException($"--silos is {options.Silos}, and several silos need a store that they share: add --storage azurite.");
        }

        return options is not { Hierarchy.Quorum: { } quorum, JobFile: { } file } ? options
            : throw new FormatException($"--quorum is about the job that this program makes: write 'quorum: {quorum}' into {file} and leave --quorum out.");
    }

    private static ulong? ReadSeed(ParseResult result)
    {
        var text = result.GetValue(Seed);
        return text is null ? null
            : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seed) ? seed
            : throw new FormatException($"{Seed.Name} is '{text}': give a whole number from 0 to {ulong.MaxValue}.");
    }
}
