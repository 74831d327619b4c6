using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using OrleansEdge.EdgeAgent.Training;
using OrleansEdge.EdgeAgent.Training.Torch;

namespace OrleansEdge.EdgeAgent.Commands;

/// <summary>
/// The hidden verb <c>probe-model</c>: tries a TorchScript file in this process, under limits, and says by the exit code whether it can be
/// used: 0 yes, 1 no, with the reason as the last line of standard output.
/// </summary>
internal static class ProbeModelCommand
{
    /// <summary>The exit code for a file that was refused.</summary>
    public const int Refused = 1;

    /// <summary>What the line with the reason begins with: a file's own code may print other lines.</summary>
    public const string RefusalMark = "probe-model: ";

    private const string Verb = "probe-model";

    /// <summary>The command line that tries a file.</summary>
    public static ImmutableArray<string> Arguments(TorchScriptFile file, NetworkShape shape, ProbeLimits limits) =>
    [
        Verb, Path.GetFullPath(file.Path),
        "--name", file.Name,
        "--input-shape", string.Join(',', shape.Input),
        "--outputs", shape.Outputs.ToString(CultureInfo.InvariantCulture),
        "--memory", limits.Memory.ToString(CultureInfo.InvariantCulture),
        "--seconds", limits.Time.TotalSeconds.ToString(CultureInfo.InvariantCulture),
    ];

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var file = new Argument<string>("file") { Description = "The TorchScript file." };
        var name = new Option<string?>("--name") { Description = "What to call the file in the answer; default: its name." };
        var shape = new Option<string>("--input-shape") { Description = "The shape of one example, such as 1,28,28.", Required = true };
        var outputs = new Option<int>("--outputs") { Description = "The number of outputs that the data need.", Required = true };
        var memory = new Option<long>("--memory")
        {
            Description = "Memory that the file may use, in bytes.",
            DefaultValueFactory = _ => ProbeLimits.Default.Memory,
        };
        var seconds = new Option<double>("--seconds")
        {
            Description = "Processor time that the file may use.",
            DefaultValueFactory = _ => ProbeLimits.Default.Time.TotalSeconds,
        };
        var command = new Command(Verb, "Tries a TorchScript file under limits.") { file, name, shape, outputs, memory, seconds };
        command.Hidden = true;
        command.SetAction(arguments => Run(
            new(arguments.GetRequiredValue(file), arguments.GetValue(name) ?? Path.GetFileName(arguments.GetRequiredValue(file))),
            arguments.GetRequiredValue(shape),
            arguments.GetRequiredValue(outputs),
            new(arguments.GetRequiredValue(memory), TimeSpan.FromSeconds(arguments.GetRequiredValue(seconds)))));
        return command;
    }

    private static int Run(TorchScriptFile file, string shapeText, int outputs, ProbeLimits limits)
    {
        try
        {
            TorchScriptTrial.Run(file, new(Shape(shapeText), outputs), limits);
            return 0;
        }
        catch (ModelException refusal)
        {
            Console.WriteLine($"\n{RefusalMark}{refusal.Message.ReplaceLineEndings(" ")}");
            return Refused;
        }
    }

    private static ImmutableArray<int> Shape(string text) =>
        [.. text.Split(',').Select(size => int.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : throw new ModelException($"'{text}' is not a shape: write positive sizes with commas between them, such as 1,28,28."))];
}
