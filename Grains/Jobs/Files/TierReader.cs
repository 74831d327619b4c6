namespace OrleansEdge.Grains.Jobs.Files;

/// <summary>Reads a file's list of tiers, the nearest first: each is a small job file with fewer keys.</summary>
internal static class TierReader
{
    /// <summary>Reads the list.</summary>
    /// <param name="node">What the file gives.</param>
    /// <param name="holdsOut">Whether devices hold something out to measure on.</param>
    /// <param name="strategies">The strategies that there are.</param>
    /// <param name="errors">Told of every fault.</param>
    /// <returns>The nearest tier; null for none, or where a fault is reported.</returns>
    public static JobTier? Read(YamlNode node, bool holdsOut, IStrategyDeclarations strategies, JobFileErrors errors)
    {
        if (node is YamlScalar { IsEmpty: true })
        {
            return null;
        }

        if (node is not YamlList { Items.Count: <= TierKeys.Most } list)
        {
            errors.Add(node.Line, $"'{TierKeys.List}' must be a list of at most {TierKeys.Most} tiers, the nearest first, each with '- ' before its first key");
            return null;
        }

        JobTier? below = null;
        foreach (var item in list.Items.Reverse())
        {
            var schema = new JobSchema(strategies, isTier: true);
            var values = JobFileReader.Read(item, schema, errors);
            if (values.AreSound(TierKeys.Mode) && values.Get(TierKeys.Mode) == EvaluationMode.Federated && !holdsOut)
            {
                errors.Add(values.LineOf(TierKeys.Mode), "a tier's 'evaluation.mode' can be federated only where the job's is: devices hold nothing out otherwise");
            }

            below = new JobFileBuilder(values, schema, strategies, errors).BuildTier() is { } tier ? tier with { Below = below } : null;
        }

        return below;
    }
}
