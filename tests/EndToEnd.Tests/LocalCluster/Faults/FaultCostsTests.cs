using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Grains.Jobs;
using OrleansEdge.LocalCluster.Faults;

namespace OrleansEdge.EndToEnd.Tests.LocalCluster.Faults;

public sealed class FaultCostsTests
{
    [Fact]
    public void A_fault_costs_what_its_round_took_more_than_the_others()
    {
        var faults = FaultCosts.Of([Fault(2), Fault(4), Fault(0)], [Round(1, 5), Round(2, 12, attempt: 2, resent: 700), Round(3, 7), Round(4, 9, attempt: 0)]);

        Assert.Equal([new(1, 6, 700), new(1, 3, 0), null], faults.Select(fault => fault.Cost));
    }

    [Fact]
    public void Without_an_undisturbed_round_nobody_knows_what_time_a_fault_costs() =>
        Assert.Equal(new FaultCost(0, null, 0), FaultCosts.Of([Fault(1)], [Round(1, 5)])[0].Cost);

    [Fact]
    public void Table_has_a_line_for_each_fault()
    {
        var lines = FaultTable.Lines(
        [
            Fault(2) with { Cost = new(0, 6.25, 700) }, Fault(0), Restart(new(2.34, 0)), Restart(new(8, 3)), Restart(null),
        ]).ToList();

        Assert.Equal(
            [
                "target  process  action   round  point                            at    rounds  seconds  sent twice",
                "silo    silo1    kill     2      closing                          1:05  0       +6.3     700 B",
                "silo    silo1    kill     0      closing                          1:05  -       -        -",
                "silo    silo1    restart  2      ended in 2.3 s                   1:05  -       -        -",
                "silo    silo1    restart  2      ended in 8.0 s with exit code 3  1:05  -       -        -",
                "silo    silo1    restart  2      -                                1:05  -       -        -",
            ],
            lines);
        Assert.Empty(FaultTable.Lines([]));
    }

    private static Fault Fault(int round) => new("silo", "kill", "silo1", 17, round, "closing", 65);

    private static Fault Restart(Drain? drain) => Fault(2) with { Action = "restart", Phase = "", Drain = drain };

    private static RoundRecord Round(int number, double seconds, int attempt = 1, long resent = 0) => new(
        number, attempt == 0 ? null : new ModelVersionId(ModelName.Parse("m"), number), attempt, 2, 0, null, null, seconds, default, 0, resent);
}
