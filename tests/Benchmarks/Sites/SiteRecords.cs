namespace OrleansEdge.Benchmarks.Sites;

/// <summary>What is read of a job's status.</summary>
internal sealed record JobView(string Phase, int Round, string? Failure, string? Waiting, TotalsView? Totals = null);

/// <summary>What is read of what adds up.</summary>
internal sealed record TotalsView(long BytesResent);

/// <summary>What is read of a round's record.</summary>
/// <param name="Round">The number.</param>
/// <param name="Updates">How many updates made the version.</param>
/// <param name="Seconds">From the opening to the publication.</param>
/// <param name="TrainingSeconds">Processor time of training, over all participants.</param>
/// <param name="Evaluation">The measurement of the version.</param>
/// <param name="EndedAt">When it was published.</param>
/// <param name="BytesResent">Bytes of its updates that were sent more than once.</param>
internal sealed record RoundView(
    int Round, int Updates, double Seconds, double TrainingSeconds, EvaluationView? Evaluation, DateTimeOffset EndedAt, long BytesResent = 0);

/// <summary>What is read of a measurement.</summary>
internal sealed record EvaluationView(double Loss, double? Accuracy);

/// <summary>What is read of the traffic.</summary>
internal sealed record TrafficView(long BytesUp, long BytesDown);

/// <summary>What is read of stored content.</summary>
internal sealed record ContentView(string Hash);

/// <summary>What is read of an invitation.</summary>
internal sealed record CodeView(string Code);
