using OrleansEdge.Contracts.Identifiers;
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

    /// <summary>The shards of the largest model.</summary>
    public static int MaximumShards { get; } = new ShardPlan(MaximumWeights).Count;

    /// <summary>One sentence that says what is wrong; null if all is well.</summary>
    public static async Task<string?> Refuse(UpdateCommit commit, RoundPlan plan, ManifestStore manifests)
    {
        if (commit.Examples is < 1 or > UpdateCommit.MaximumExamples)
        {
            return $"an update counts 1 to {UpdateCommit.MaximumExamples} examples, not {commit.Examples}.";
        }

        if (plan.StalenessOf(commit.Base) is null)
        {
            return "the update is a difference to another version than the one that this round starts from, and to none that is still taken.";
        }

        if (!double.IsFinite(commit.LossSum) || !double.IsFinite(commit.TrainingSeconds))
        {
            return "the training loss is not a finite number: lower the learning rate, or look for bad values in the data.";
        }

        if (commit.TrainingSeconds < 0 || commit.BytesResent < 0)
        {
            return "the update says that it took less than no time, or that less than nothing was sent again.";
        }

        if (commit.Shards.IsDefault)
        {
            return "the update names no shards.";
        }

        if (plan.Base is { } version)
        {
            return RefuseShape(commit, (await manifests.Read(version.Manifest)).Layout);
        }

        return commit.Layout is null ? "the first version comes without a description of its tensors." : RefuseLayout(commit, commit.Layout);
    }

    /// <summary>A manifest is made of it later, which must not fail then.</summary>
    private static string? RefuseLayout(UpdateCommit commit, ModelLayout layout)
    {
        try
        {
            if (RefuseShape(commit, layout) is { } reason)
            {
                return reason;
            }

            var plan = new ShardPlan(layout.WeightCount);
            _ = ModelManifest.OfWeights(layout, plan, [.. plan.Shards.Select(_ => ContentHash.Of([]))], commit.Integers.Memory);
            return null;
        }
        catch (Exception exception) when (exception is ModelManifestException or OverflowException or InvalidOperationException or NullReferenceException)
        {
            return "the description of the model's tensors is not possible: each has a name of its own and sizes of 0 or more.";
        }
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
