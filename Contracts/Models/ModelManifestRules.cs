using OrleansEdge.Contracts.Identifiers;

namespace OrleansEdge.Contracts.Models;

/// <summary>What holds between the parts of a <see cref="ModelManifest"/>.</summary>
internal static class ModelManifestRules
{
    internal static void Require(ModelManifest manifest)
    {
        if (Problem(manifest) is { } problem)
        {
            throw Damaged(problem);
        }
    }

    internal static ModelManifestException Damaged(string problem, Exception? inner = null) =>
        new($"The model manifest is damaged ({problem}): restore it from a backup or use another version.", inner);

    private static string? Problem(ModelManifest manifest) =>
        LayoutProblem(manifest.Layout) ?? SizeProblem(manifest) ?? VectorProblem(manifest);

    private static string? LayoutProblem(ModelLayout layout)
    {
        if (layout.Tensors.IsDefaultOrEmpty)
        {
            return "it has no tensors";
        }

        var names = new HashSet<string>();
        foreach (var tensor in layout.Tensors)
        {
            if (string.IsNullOrEmpty(tensor.Name) || !names.Add(tensor.Name))
            {
                return $"the tensor name '{tensor.Name}' is empty or occurs twice";
            }

            if (!Enum.IsDefined(tensor.Type) || tensor.Shape.IsDefault || tensor.Shape.Any(size => size < 0))
            {
                return $"the tensor '{tensor.Name}' has an unknown type or an impossible shape";
            }
        }

        try
        {
            _ = checked(layout.WeightCount * sizeof(float) + layout.IntegerCount * sizeof(long));
            return null;
        }
        catch (OverflowException)
        {
            return "its tensors are impossibly large";
        }
    }

    private static string? SizeProblem(ModelManifest manifest)
    {
        if (manifest.Plan.WeightCount != manifest.Layout.WeightCount)
        {
            return $"its shards are cut for {manifest.Plan.WeightCount} weights and its tensors have {manifest.Layout.WeightCount}";
        }

        var bytes = manifest.Layout.IntegerCount * sizeof(long);
        return manifest.Integers.Length == bytes ? null : $"its integer buffers have {manifest.Integers.Length} bytes instead of {bytes}";
    }

    private static string? VectorProblem(ModelManifest manifest)
    {
        if (manifest.Vectors.IsDefault || manifest[ModelManifest.Weights] is null)
        {
            return "it has no weights";
        }

        for (var index = 0; index < manifest.Vectors.Length; index++)
        {
            var vector = manifest.Vectors[index];
            if (!IdentifierGrammar.IsSegment(vector.Name)
                || (index > 0 && string.CompareOrdinal(manifest.Vectors[index - 1].Name, vector.Name) >= 0))
            {
                return $"the vector name '{vector.Name}' is not an identifier, occurs twice or is out of order";
            }

            if (vector.Shards.IsDefault || vector.Shards.Length != manifest.Plan.Count || vector.Shards.Any(shard => shard.Hex is null))
            {
                return $"the vector '{vector.Name}' has not {manifest.Plan.Count} shards";
            }
        }

        return null;
    }
}
