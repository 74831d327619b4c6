using System.CommandLine;
using System.Diagnostics;
using System.Numerics.Tensors;
using System.Text.Json;
using OrleansEdge.Grains.Strategies;

namespace OrleansEdge.Benchmarks;

/// <summary>
/// Exact folding against the memory speed of the same run. All three figures count the bytes of the updates that go in: an axpy takes
/// 4 for each parameter, and so does the fold for each parameter of each update. One thread; the measurements alternate; medians.
/// </summary>
internal static class FoldBenchmark
{
    private const int BlockWidth = 4096;
    private const int Repetitions = 7;

    /// <summary>The verb <c>fold</c>.</summary>
    public static Command Create()
    {
        var parameters = new Option<int>("--parameters") { Description = "Parameters of the model", DefaultValueFactory = _ => 25_000_000 };
        var updates = new Option<int>("--updates") { Description = "Updates to fold", DefaultValueFactory = _ => 10 };
        var json = new Option<bool>("--json") { Description = "Print one JSON object on the last line" };
        var command = new Command("fold", "Exact weighted mean, in bytes of input a second, as a ratio to a streaming axpy");
        command.Options.Add(parameters);
        command.Options.Add(updates);
        command.Options.Add(json);
        foreach (var option in new[] { parameters, updates })
        {
            option.Validators.Add(result =>
            {
                if (result.GetValueOrDefault<int>() < 1)
                {
                    result.AddError($"{option.Name} must be 1 or more.");
                }
            });
        }

        command.SetAction(result => Run(result.GetValue(parameters), result.GetValue(updates), result.GetValue(json)));
        return command;
    }

    private static int Run(int parameters, int updates, bool json)
    {
        var inputs = Enumerable.Range(0, updates).Select(index => RandomValues(parameters, seed: index + 1, scale: 0.01f)).ToArray();
        var weights = Enumerable.Range(0, updates).Select(index => 500L + 37 * index).ToArray();
        var baseWeights = RandomValues(parameters, seed: 0, scale: 0.1f);
        var next = new float[parameters];
        var axpy = new List<double>();
        var copy = new List<double>();
        var fold = new List<double>();
        for (var repetition = -1; repetition < Repetitions; repetition++)
        {
            var input = inputs[Math.Max(repetition, 0) % updates];
            var axpySeconds = Time(() => TensorPrimitives.MultiplyAdd(input, 0.5f, next, next));
            var copySeconds = Time(() => input.AsSpan().CopyTo(next));
            var foldSeconds = Time(() => Fold(baseWeights, inputs, weights, next));
            if (repetition >= 0)
            {
                axpy.Add(axpySeconds);
                copy.Add(copySeconds);
                fold.Add(foldSeconds);
            }
        }

        Report(parameters, updates, Median(axpy), Median(copy), Median(fold), json);
        return 0;
    }

    private static void Fold(float[] baseWeights, float[][] inputs, long[] weights, float[] next)
    {
        var rows = new ReadOnlyMemory<float>[inputs.Length];
        for (var start = 0; start < next.Length; start += BlockWidth)
        {
            var width = Math.Min(BlockWidth, next.Length - start);
            for (var index = 0; index < rows.Length; index++)
            {
                rows[index] = inputs[index].AsMemory(start, width);
            }

            ExactWeightedMean.Combine(new(baseWeights.AsSpan(start, width), rows, weights), next.AsSpan(start, width));
        }
    }

    private static void Report(int parameters, int updates, double axpy, double copy, double fold, bool json)
    {
        var axpySpeed = 4.0 * parameters / axpy / 1e9;
        var copySpeed = 4.0 * parameters / copy / 1e9;
        var foldSpeed = 4.0 * parameters * updates / fold / 1e9;
        Console.WriteLine($"axpy  {axpySpeed,7:F2} GB/s of input ({axpy * 1e3:F1} ms)");
        Console.WriteLine($"copy  {copySpeed,7:F2} GB/s of input ({copy * 1e3:F1} ms)");
        Console.WriteLine($"fold  {foldSpeed,7:F2} GB/s of input ({fold * 1e3:F1} ms): {foldSpeed / axpySpeed:F2} of axpy, {updates} updates");
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(new
            {
                parameters,
                updates,
                axpyGigabytesPerSecond = axpySpeed,
                copyGigabytesPerSecond = copySpeed,
                foldGigabytesPerSecond = foldSpeed,
                ratio = foldSpeed / axpySpeed,
            }));
        }
    }

    private static float[] RandomValues(int count, int seed, float scale)
    {
        var random = new Random(seed);
        var values = new float[count];
        for (var index = 0; index < count; index++)
        {
            // The product of two uniform numbers has the long tail towards zero that real updates have.
            values[index] = scale * (random.NextSingle() - 0.5f) * random.NextSingle();
        }

        return values;
    }

    private static double Time(Action action)
    {
        var started = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }
}
