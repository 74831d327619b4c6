using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using OrleansEdge.Benchmarks.Processes;
using OrleansEdge.Benchmarks.Runs;
using OrleansEdge.Benchmarks.Sites;
using Spectre.Console;

namespace OrleansEdge.Benchmarks;

/// <summary>
/// Real training: ten agents, the first 6,000 images of MNIST split evenly, one epoch, batch 32, SGD 0.05, <c>cnn</c>, ten rounds. A round is
/// compared with the agents' processor time of training divided by the processors, which is the least that any platform could take.
/// </summary>
internal static class EndToEndBenchmark
{
    private const int Agents = 10;
    private const string Job = "end-to-end";

    /// <summary>Makes the verb <c>end-to-end</c>.</summary>
    public static Command Create()
    {
        var data = new Option<string>("--data") { Description = "MNIST's folder.", DefaultValueFactory = _ => "../shared/data/mnist" };
        var rounds = new Option<int>("--rounds") { Description = "Rounds, of which the first two do not count for the time.", DefaultValueFactory = _ => 10 };
        var work = new Option<string?>("--work") { Description = "Where the run's folder is made; default: the system's temporary folder." };
        var json = new Option<bool>("--json") { Description = "Print one JSON object on the last line." };
        var command = new Command("end-to-end", "Ten agents train on MNIST, against their pure training time.") { data, rounds, work, json };
        command.SetAction((arguments, _) => CommandFailures.Explain(async () =>
        {
            var figures = await Measure(
                Path.GetFullPath(arguments.GetRequiredValue(data)), Math.Max(EchoPlan.WarmUp + 1, arguments.GetValue(rounds)), arguments.GetValue(work));
            Print(figures, arguments.GetValue(json));
        }));
        return command;
    }

    private static async Task<Figures> Measure(string folder, int rounds, string? workParent)
    {
        using var work = new WorkFolder(workParent);
        using var site = await MeasuredSite.Start(work);
        var agents = Enumerable.Range(1, Agents).Select(number => StartAgent(number, folder, site.Address, work)).ToList();
        try
        {
            await site.Submit(JobFile(rounds));
            await site.WaitForRound(Job, int.MaxValue, agents);
            var records = await site.Rounds(Job);
            var counted = records.Where(round => round.Round > EchoPlan.WarmUp).ToList();
            var ideal = counted.ConvertAll(round => round.TrainingSeconds / Environment.ProcessorCount);
            return new(
                Statistics.Median(counted.Select(round => round.Seconds)), Statistics.Median(ideal),
                Statistics.Median(counted.Zip(ideal, (round, training) => round.Seconds / training)),
                records[^1].Evaluation?.Accuracy ?? 0, ProcessMeter.PeakMegabytes(site.ProcessId), Environment.ProcessorCount);
        }
        finally
        {
            agents.ForEach(agent => agent.Stop());
            agents.ForEach(agent => agent.Dispose());
        }
    }

    private static ChildProcess StartAgent(int number, string folder, Uri site, WorkFolder work)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"agent{number}");
        return ChildProcess.Start(
            ChildProcess.AssemblyOf("EdgeAgent"), work.At(name + ".log"), "join", "--site", site.ToString(), "--device", name,
            "--data", $"digits=mnist:{folder}?first=6000", "--split", "iid", "--part", string.Create(CultureInfo.InvariantCulture, $"{number}/{Agents}"),
            "--folder", work.At(name));
    }

    private static string JobFile(int rounds) => $$"""
        job: {{Job}}
        model: cnn
        data: digits
        rounds: {{rounds}}
        participants: {perRound: {{Agents}}, minimum: {{Agents}}}
        onMissedQuorum: fail
        deadline: 30m
        training:
          localEpochs: 1
          batchSize: 32
          optimiser: {name: sgd, learningRate: 0.05}
        seed: 1
        evaluation: {mode: central, every: 1}
        """;

    private static void Print(Figures figures, bool json)
    {
        AnsiConsole.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"round {figures.Round:0.00} s, training alone {figures.Training:0.00} s on {figures.Cores} cores, ratio {figures.Ratio:0.000} (to reach: 1.10)"));
        AnsiConsole.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"accuracy {figures.Accuracy:0.0000} (to reach: 0.945), silo's peak memory {figures.SiloPeakMegabytes:0} MB"));
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(figures, JsonSerializerOptions.Web));
        }
    }

    /// <summary>What was measured.</summary>
    /// <param name="Round">The median round from opening to publication, in seconds.</param>
    /// <param name="Training">Processor time of training over all agents divided by the cores, in seconds.</param>
    /// <param name="Ratio">The median of the one by the other.</param>
    /// <param name="Accuracy">The last version's accuracy on the test set.</param>
    /// <param name="SiloPeakMegabytes">The silo's VmHWM, in 10⁶ bytes.</param>
    /// <param name="Cores">The processors of the machine.</param>
    private sealed record Figures(double Round, double Training, double Ratio, double Accuracy, double SiloPeakMegabytes, int Cores);
}
