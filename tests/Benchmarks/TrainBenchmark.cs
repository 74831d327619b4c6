using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using OrleansEdge.Contracts.Data;
using OrleansEdge.EdgeAgent.Training;
using OrleansEdge.EdgeAgent.Training.Torch;
using Spectre.Console;
using TorchSharp;

namespace OrleansEdge.Benchmarks;

/// <summary>
/// Local training of <c>cnn</c>, batch 32, one thread, against a bare TorchSharp loop of the same network in the same run; and the
/// process's memory over many steps. Repetitions alternate, and medians are compared, so that the machine's other work falls on both.
/// </summary>
internal static class TrainBenchmark
{
    private const int BatchSize = 32;
    private const int StepsInRepetition = 20;

    /// <summary>Makes the verb <c>train</c>.</summary>
    public static Command Create()
    {
        var repetitions = new Option<int>("--repetitions") { Description = "Alternations of both loops.", DefaultValueFactory = _ => 15 };
        var steps = new Option<int>("--steps") { Description = "Steps over which memory is watched.", DefaultValueFactory = _ => 2000 };
        var json = new Option<bool>("--json") { Description = "Print JSON on the last line." };
        var command = new Command("train", "Local training against a bare TorchSharp loop, and its memory.") { repetitions, steps, json };
        command.SetAction(arguments =>
        {
            var figures = Measure(arguments.GetValue(repetitions), arguments.GetValue(steps));
            AnsiConsole.WriteLine($"trainer {figures.Trainer:0} images/s, bare loop {figures.Bare:0} images/s");
            AnsiConsole.WriteLine($"ratio {figures.Ratio:0.000} (to reach: 0.97)");
            AnsiConsole.WriteLine($"resident memory {figures.MegabytesBefore:0} MB before and {figures.MegabytesAfter:0} MB after {figures.Steps} steps");
            if (arguments.GetValue(json))
            {
                Console.WriteLine(JsonSerializer.Serialize(figures, JsonSerializerOptions.Web));
            }
        });
        return command;
    }

    private static Figures Measure(int repetitions, int steps)
    {
        var task = new TaskDescription(TaskKind.Classification, [1, 28, 28], [.. "0123456789".Select(digit => $"{digit}")], [], null);
        var factory = new TorchTrainerFactory(new(ProbeLimits.Default, TimeProvider.System), TimeProvider.System);
        using var trainer = factory.Create(new("cnn", null), null, task, seed: 1);
        using var bare = new BareLoop(BatchSize, StepsInRepetition);
        var examples = new RandomExamples(BatchSize * StepsInRepetition, 784, 10);
        Train();
        bare.Train();

        List<double> trainerSeconds = [], bareSeconds = [];
        for (var repetition = 0; repetition < repetitions; repetition++)
        {
            trainerSeconds.Add(Time(Train));
            bareSeconds.Add(Time(bare.Train));
        }

        var before = Environment.WorkingSet / 1e6;
        for (var done = 0; done < steps; done += StepsInRepetition)
        {
            Train();
        }

        const double images = BatchSize * StepsInRepetition;
        var (trainerMedian, bareMedian) = (Median(trainerSeconds), Median(bareSeconds));
        return new(images / trainerMedian, images / bareMedian, bareMedian / trainerMedian, steps, before, Environment.WorkingSet / 1e6);

        void Train() =>
            trainer.Train(examples, new() { BatchSize = BatchSize, Optimiser = new() { LearningRate = 0.01 } }, 1, null, CancellationToken.None);
    }

    private static double Time(Action action)
    {
        var watch = Stopwatch.StartNew();
        action();
        return watch.Elapsed.TotalSeconds;
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        return (values[(values.Count - 1) / 2] + values[values.Count / 2]) / 2;
    }

    /// <summary>What was measured.</summary>
    /// <param name="Trainer">The trainer's images per second.</param>
    /// <param name="Bare">The bare loop's images per second.</param>
    /// <param name="Ratio">The trainer's share of the bare loop's speed.</param>
    /// <param name="Steps">Steps between the two measurements of memory.</param>
    /// <param name="MegabytesBefore">Resident memory before, in 10⁶ bytes.</param>
    /// <param name="MegabytesAfter">Resident memory after, in 10⁶ bytes.</param>
    private sealed record Figures(double Trainer, double Bare, double Ratio, int Steps, double MegabytesBefore, double MegabytesAfter);
}
