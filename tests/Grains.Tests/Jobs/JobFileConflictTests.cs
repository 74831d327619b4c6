namespace OrleansEdge.Grains.Tests.Jobs;

public sealed class JobFileConflictTests
{
    [Theory]
    [InlineData("participants: {perRound: 2, fraction: 0.5}\n", 5, "'participants.perRound' and 'participants.fraction' exclude each other: keep one of them")]
    [InlineData("participants: 4\nquorum: 5\n", 6, "'quorum' must be at most 4 ('participants.perRound') or 'all', not 5")]
    [InlineData("quorum: 3\nparticipants:\n  perRound: 4\n  minimum: 2\n", 8,
        "'participants.minimum' must be at least 3, not 2: a round opens with that many present, and needs a 'quorum' of 3")]
    [InlineData("quorum: 3\nparticipants: {minimum: 2}\n", 6,
        "'participants.minimum' must be at least 3, not 2: a round opens with that many present, and needs a 'quorum' of 3")]
    [InlineData("quorum: 3\nparticipants: {fraction: 0.1, minimum: 10}\n", 6,
        "'participants.minimum' must be at least 21, not 10: a round opens with that many present, of which a round counts on a share of 0.1 and needs a 'quorum' of 3")]
    [InlineData("quorum: 100000\nparticipants: {fraction: 0.0001}\n", 5,
        "'participants.minimum' must be at least 999990001, not 100000: a round opens with that many present, of which a round counts on a share of 0.0001 and needs a 'quorum' of 100000")]
    [InlineData("participants: {overSelection: 1.5}\n", 5, "'participants.overSelection' asks spare participants, and a round with all has none: " +
        "set 'participants.perRound' to a number or 'participants.fraction'")]
    [InlineData("strategy: {name: krum, byzantine: 2}\nparticipants: 6\n", 6,
        "krum (byzantine: 2) needs at least 7 updates, and a round may close with 6: raise 'participants.perRound' and 'participants.minimum' to 7 or more")]
    [InlineData("strategy: krum\nparticipants: 8\nquorum: 4\n", 7,
        "krum (byzantine: 1) needs at least 5 updates, and a round may close with 4: raise 'quorum' to 5 or more")]
    [InlineData("strategy: krum\nparticipants: {perRound: 8, minimum: 4}\n", 6,
        "krum (byzantine: 1) needs at least 5 updates, and a round may close with 4: raise 'participants.minimum' to 5 or more")]
    [InlineData("strategy: krum\nparticipants: {fraction: 0.5, minimum: 8}\n", 6,
        "krum (byzantine: 1) needs at least 5 updates, and a round may close with 4: raise 'participants.minimum' to 9 or more")]
    [InlineData("training:\n  optimiser:\n    beta1: 0.9\n", 7, "'training.optimiser.beta1' belongs to the optimiser adam, and this one is sgd: leave it out")]
    [InlineData("training: {optimiser: {name: adam, momentum: 0.9}}\n", 5,
        "'training.optimiser.momentum' belongs to the optimiser sgd, and this one is adam: leave it out")]
    [InlineData("evaluation: {heldOut: 0}\n", 5, "'evaluation.heldOut' must be above 0 for federated evaluation, or 'evaluation.mode' central or none")]
    [InlineData("evaluation: {mode: central, heldOut: 0.5}\n", 5,
        "'evaluation.heldOut' is used by federated evaluation only: leave it out, or set 'evaluation.mode: federated'")]
    public void Values_that_do_not_fit_together_are_refused(string keys, int line, string message) =>
        Assert.Equal($"job.yaml:{line}: {message}", JobFiles.ErrorWith(keys));

    [Theory]
    [InlineData("strategy: {name: krum, byzantine: 2}\nparticipants: 7\n")]
    [InlineData("participants: {perRound: 4, minimum: 3}\nquorum: 3\n")]
    [InlineData("participants: {perRound: 4, minimum: 2}\nquorum: all\n")]
    [InlineData("participants: {fraction: 0.1, minimum: 21}\nquorum: 3\n")]
    [InlineData("participants: {fraction: 0.5, overSelection: 2}\n")]
    [InlineData("evaluation: {mode: central, heldOut: 0}\n")]
    public void Values_that_just_fit_are_accepted(string keys) => Assert.NotNull(JobFiles.ParseWith(keys));

    [Fact]
    public void Fault_in_one_value_makes_no_conflicts_with_it() =>
        Assert.Equal("job.yaml:6: 'quorum' must be a whole number from 1 to 100000, or 'all', not 'x'",
            JobFiles.ErrorWith("strategy: krum\nquorum: x\nparticipants: 2\n"));
}
