using OrleansEdge.Contracts.Data;
using OrleansEdge.EdgeAgent.Training;
using OrleansEdge.EdgeAgent.Training.Torch;
using OrleansEdge.Tests.Shared;

namespace OrleansEdge.EdgeAgent.Tests.Training.Torch;

/// <summary>What the tests of trainers have in common.</summary>
internal static class Trainers
{
    public static TorchTrainerFactory Factory { get; } = new(new(ProbeLimits.Default, TimeProvider.System), TimeProvider.System);

    public static ITrainer Create(string architecture, TaskDescription task, ulong seed = 7) => Factory.Create(new(architecture, null), null, task, seed);

    public static ITrainer FromFile(string name, TaskDescription task, ITrainerFactory? factory = null) =>
        (factory ?? Factory).Create(new($"{name}.pt", null), WorkingTree.TorchScript($"{name}.pt"), task, 7);

    public static (byte[] Weights, byte[] Integers) Save(this ITrainer trainer)
    {
        var weights = new byte[trainer.Layout.WeightCount * sizeof(float)];
        var integers = new byte[trainer.Layout.IntegerCount * sizeof(long)];
        trainer.Save(weights, integers);
        return (weights, integers);
    }

    public static TorchScriptFile Script(string name) => new(WorkingTree.TorchScript($"{name}.pt"), $"{name}.pt");
}
