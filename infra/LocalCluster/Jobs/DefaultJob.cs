namespace OrleansEdge.LocalCluster.Jobs;

/// <summary>The job of the first command: short, and good enough to convince.</summary>
internal static class DefaultJob
{
    /// <summary>The number of rounds.</summary>
    public const int Rounds = 5;

    /// <summary>Writes the job file.</summary>
    /// <param name="devices">How many take part in each round.</param>
    /// <param name="seed">Seeds everything random.</param>
    public static string Write(int devices, ulong seed) => $"""
        # A small convolutional network learns digits from images that stay on the devices.
        job: digits
        model: niid-cnn
        publish: digits
        data: digits
        rounds: {Rounds}
        participants:
          perRound: {devices}
          minimum: {devices}
        quorum: all
        deadline: 5m
        onMissedQuorum: extend
        training:
          localEpochs: 1
          batchSize: 32
          optimiser:
            name: sgd
            learningRate: 0.02
            momentum: 0.9
        seed: {seed}
        evaluation:
          mode: central
          every: 1

        """.ReplaceLineEndings("\n");
}
