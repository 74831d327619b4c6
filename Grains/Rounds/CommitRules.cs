using OrleansEdge.Contracts.Models;
using OrleansEdge.Contracts.Rounds;
using OrleansEdge.Grains.Models;

namespace OrleansEdge.Grains.Rounds;

/// <summary>What an update must look like before its round takes it.</summary>
internal static class CommitRules
{
    private const int MaximumIntegers = 1 << 13;

    /// <summary>The largest model, in parameters: 2³¹ − 1, the largest shape that an agent can hold in one buffer.</summary>
    private const long MaximumWeights = int.MaxValue;

    /// <summary>One sentence that says what is wrong; null if all is well.</summary>
    public static async Task<string?> Refuse(UpdateCommit commit, RoundPlan plan, ManifestStore manifests)
    {
        if (commit.Examples is < 1 or > UpdateCommit.MaximumExamples)
        {
            return $"an update counts 1 to {UpdateCommit.MaximumExamples} examples, not {commit.Examples}.";
        }

        if (commit.Base != plan.Base?.Manifest)
        {
            return "the update is a difference to another version than the one that this round starts from.";
        }

        if (!double.IsFinite(commit.LossSum) || !double.IsFinite(commit.TrainingSeconds))
        {
            return "the training loss is not a finite number: lower the learning rate, or look for bad values in the data.";
        }

        var layout = plan.Base is { } version ? (await manifests.Read(version.Manifest)).Layout : commit.Layout;
        return layout is null ? "the first version comes without a description of its tensors." : RefuseShape(commit, layout);
    }

    private static string? RefuseShape(UpdateCommit commit, ModelLayout layout)
    {
        if (layout.WeightCount is < 1 or > MaximumWeights || layout.IntegerCount > MaximumIntegers)
        {
            return $"a model has 1 to {MaximumWeights} parameters and at most {MaximumIntegers} integers; " +
                $"this one has {layout.WeightCount} and {layout.IntegerCount}.";
        }

        var shards = new ShardPlan(layout.WeightCount).Count;
        if (commit.Shards.Length != shards || commit.Integers.Length != layout.IntegerCount * sizeof(long))
        {
            return $"the update has {commit.Shards.Length} shards and {commit.Integers.Length} bytes of integers where the model has " +
                $"{shards} and {layout.IntegerCount * sizeof(long)}.";
        }

        return null;
    }
}
