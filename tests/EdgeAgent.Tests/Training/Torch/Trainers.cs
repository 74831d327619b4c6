using OrleansEdge.Contracts.Data;
using OrleansEdge.EdgeAgent.Training;
using OrleansEdge.EdgeAgent.Training.Torch;

namespace OrleansEdge.EdgeAgent.Tests.Training.Torch;

/// <summary>What the tests of trainers have in common.</summary>
internal static class Trainers
{
    public static TorchTrainerFactory Factory { get; } = new(new(ProbeLimits.Default, TimeProvider.System), TimeProvider.System);

    public static ITrainer Create(string architecture, TaskDescription task, ulong seed = 7) => Factory.Create(new(architecture, null), null, task, seed);

    public static ITrainer FromFile(string name, TaskDescription task, ITrainerFactory? factory = null) =>
        (factory ?? Factory).Create(new($"{name}.pt", null), SharedFile($"{name}.pt"), task, 7);

    public static (byte[] Weights, byte[] Integers) Save(this ITrainer trainer)
    {
        var weights = new byte[trainer.Layout.WeightCount * sizeof(float)];
        var integers = new byte[trainer.Layout.IntegerCount * sizeof(long)];
        trainer.Save(weights, integers);
        return (weights, integers);
    }

    public static TorchScriptFile Script(string name) => new(SharedFile($"{name}.pt"), $"{name}.pt");

    public static string SharedFile(string name)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "OrleansEdge.sln")))
        {
            folder = folder.Parent;
        }

        var file = Path.Combine(folder?.FullName ?? "", "..", "shared", "data", "torchscript", name);
        Assert.SkipUnless(File.Exists(file), $"../shared/data/torchscript/{name} is not there.");
        return file;
    }
}
