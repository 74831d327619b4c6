namespace OrleansEdge.Contracts;

/// <summary>The names of all types on the wire and in grain state. A name never changes and is never given again, whatever the class is called.</summary>
public static class Aliases
{
    internal const string IdentifierText = "oe.IdentifierText";
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
    internal const string ModelSignature = "oe.ModelSignature";
    internal const string Standardisation = "oe.Standardisation";
    internal const string TaskDescription = "oe.TaskDescription";
    internal const string DataSummary = "oe.DataSummary";
    internal const string OptimiserOptions = "oe.OptimiserOptions";
    internal const string TrainingOptions = "oe.TrainingOptions";
    internal const string EvaluationSums = "oe.EvaluationSums";
    internal const string ContentMissingException = "oe.ContentMissingException";
    internal const string ParticipantProfile = "oe.ParticipantProfile";
    internal const string Registration = "oe.Registration";
    internal const string RegistrationReply = "oe.RegistrationReply";
    internal const string ParticipantActivity = "oe.ParticipantActivity";
    internal const string SyncReport = "oe.SyncReport";
    internal const string SyncReply = "oe.SyncReply";
    internal const string SurveyAnswer = "oe.SurveyAnswer";
    internal const string InstructionId = "oe.InstructionId";
    internal const string Instruction = "oe.Instruction";
    internal const string WaitInstruction = "oe.WaitInstruction";
    internal const string StopInstruction = "oe.StopInstruction";
    internal const string DescribeInstruction = "oe.DescribeInstruction";
    internal const string InitialiseInstruction = "oe.InitialiseInstruction";
    internal const string TrainInstruction = "oe.TrainInstruction";
    internal const string EvaluateInstruction = "oe.EvaluateInstruction";
    internal const string RoundKey = "oe.RoundKey";
    internal const string ShardKey = "oe.ShardKey";
    internal const string UpdateDigest = "oe.UpdateDigest";
    internal const string UploadHeader = "oe.UploadHeader";
    internal const string UploadReply = "oe.UploadReply";
    internal const string UpdateCommit = "oe.UpdateCommit";
    internal const string CommitReply = "oe.CommitReply";
    internal const string FinishedInstruction = "oe.FinishedInstruction";
    internal const string VersionRecord = "oe.VersionRecord";
    internal const string SiteReport = "oe.SiteReport";
    internal const string SiteLink = "oe.SiteLink";
    internal const string SiteJob = "oe.SiteJob";
    internal const string VersionPrunedException = "oe.VersionPrunedException";
    internal const string CallRefusedException = "oe.CallRefusedException";
}
