using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Rounds;
using OrleansEdge.Grains.Rounds;

namespace OrleansEdge.Grains.Tests.Rounds;

public sealed class RoundLedgerTests
{
    private static readonly ParticipantId P = ParticipantId.Parse("p0");

    [Fact]
    public void A_commit_takes_back_a_refusal_and_a_refusal_does_not_take_back_a_commit()
    {
        var ledger = new RoundLedger();
        Assert.True(ledger.Decline(P, "no."));
        ledger.Commit(new() { Participant = P, Examples = 1, Shards = [] });
        Assert.Empty(ledger.Declined);
        Assert.False(ledger.Decline(P, "no."));
        Assert.Empty(ledger.Silent([P]));
    }

    [Fact]
    public void A_withdrawal_lasts_and_does_not_take_back_a_commit()
    {
        var ledger = new RoundLedger();
        Assert.True(ledger.Decline(P, "not now."));
        Assert.True(ledger.Withdraw(P, "elsewhere."));
        Assert.False(ledger.Withdraw(P, "elsewhere."));
        Assert.False(ledger.Decline(P, "not now."));
        Assert.Empty(ledger.Declined);
        ledger.ForgetDeclined();
        Assert.Empty(ledger.Remaining([P]));
        Assert.Empty(ledger.Silent([P]));
        Assert.Equal(new(P, "elsewhere."), ledger.FirstRefusal);

        var committed = new RoundLedger();
        committed.Commit(new() { Participant = P, Examples = 1, Shards = [] });
        Assert.False(committed.Withdraw(P, "elsewhere."));
        Assert.Equal([P], committed.Remaining([P]));
    }

    [Fact]
    public void An_update_that_never_arrives_is_given_up()
    {
        var ledger = new RoundLedger();
        for (var attempt = 0; attempt < RoundLedger.Resends; attempt++)
        {
            Assert.True(ledger.Lose(P));
            Assert.Equal([P], ledger.Silent([P]));
        }

        Assert.False(ledger.Lose(P));
        Assert.True(ledger.Declined.ContainsKey(P));
        ledger.ForgetDeclined();
        Assert.True(ledger.Lose(P));
    }
}
