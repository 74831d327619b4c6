namespace OrleansEdge.Contracts.Models;

/// <summary>The version was there once, and was given up to make room. The message is one sentence for a person.</summary>
[GenerateSerializer, Alias(Aliases.VersionPrunedException)]
public sealed class VersionPrunedException(string message) : Exception(message)
{
    /// <summary>What somebody is told who asks for <paramref name="version"/>.</summary>
    public static VersionPrunedException Of(ModelVersionId version) =>
        new($"version {version} has been pruned to make room: 'models show {version.Model}' lists the versions that are kept.");
}
