namespace OrleansEdge.EdgeAgent.Training.Torch;

/// <summary>A TorchScript file that a model brings.</summary>
/// <param name="Path">Where it lies; a cache may name it by its hash.</param>
/// <param name="Name">What to call it in messages: the name under which it was given.</param>
internal sealed record TorchScriptFile(string Path, string Name);
