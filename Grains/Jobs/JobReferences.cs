using System.Collections.Immutable;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Models;

namespace OrleansEdge.Grains.Jobs;

/// <summary>What a job needs until it is over.</summary>
/// <param name="Versions">The version that it begins from, its head, and the one that its round has published.</param>
/// <param name="Manifests">The manifests of those that it has taken.</param>
/// <param name="Content">Its task and its TorchScript file.</param>
[GenerateSerializer, Immutable, Alias("oe.JobReferences")]
internal sealed record JobReferences(
    [property: Id(0)] ImmutableArray<ModelVersionId> Versions,
    [property: Id(1)] ImmutableArray<ContentHash> Manifests,
    [property: Id(2)] ImmutableArray<ContentHash> Content)
{
    /// <summary>Nothing.</summary>
    public static JobReferences None { get; } = new([], [], []);

    /// <summary>What a job refers to that is not over.</summary>
    public static JobReferences Of(JobDefinition definition, JobState state) => new(
        [.. Present(definition.From, state.Head?.Id, state.Outcome?.Version?.Id)],
        [
            .. Present(
                state.Head?.Manifest, state.Outcome?.Version?.Manifest, state.Assignment?.Base, state.Assignment?.Update?.Base, state.Assignment?.Update?.Version,
                state.Assignment?.Latest?.Version, state.Assignment?.Late?.Base, state.Assignment?.Late?.Version),
        ],
        [.. Present(state.Task, state.TorchScript, state.Source?.TorchScript)]);

    private static IEnumerable<T> Present<T>(params T?[] values)
        where T : struct => values.OfType<T>().Distinct();
}
