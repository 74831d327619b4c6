namespace OrleansEdge.Contracts;

/// <summary>The names of all types on the wire and in grain state. A name never changes and is never given again, whatever the class is called.</summary>
public static class Aliases
{
    internal const string ParticipantId = "oe.ParticipantId";
    internal const string JobId = "oe.JobId";
    internal const string ModelName = "oe.ModelName";
    internal const string SiteName = "oe.SiteName";
    internal const string DataName = "oe.DataName";
    internal const string ContentHash = "oe.ContentHash";
    internal const string ModelVersionId = "oe.ModelVersionId";
    internal const string TensorDescription = "oe.TensorDescription";
    internal const string ModelLayout = "oe.ModelLayout";
    internal const string ModelSource = "oe.ModelSource";
    internal const string Standardisation = "oe.Standardisation";
    internal const string TaskDescription = "oe.TaskDescription";
    internal const string DataSummary = "oe.DataSummary";
    internal const string OptimiserOptions = "oe.OptimiserOptions";
    internal const string TrainingOptions = "oe.TrainingOptions";
    internal const string EvaluationSums = "oe.EvaluationSums";
}
