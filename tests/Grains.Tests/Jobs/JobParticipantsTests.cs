using OrleansEdge.Grains.Jobs;

namespace OrleansEdge.Grains.Tests.Jobs;

public sealed class JobParticipantsTests
{
    [Theory]
    [InlineData(0.1, 30, 3)]
    [InlineData(0.1, 31, 4)]
    [InlineData(0.3, 10, 3)]
    [InlineData(0.0001, 5, 1)]
    [InlineData(1, 7, 7)]
    public void Fraction_is_rounded_up_in_decimal(double fraction, int present, int wanted) =>
        Assert.Equal(wanted, new JobParticipants { Fraction = fraction }.Wanted(present));

    [Theory]
    [InlineData(10, 4, 6)]
    [InlineData(5, 4, 5)]
    [InlineData(3, 3, 3)]
    public void Over_selection_asks_spare_participants_as_far_as_they_are_present(int present, int wanted, int asked)
    {
        var participants = new JobParticipants { PerRound = 4, OverSelection = 1.5 };

        Assert.Equal((wanted, asked), (participants.Wanted(present), participants.Asked(present)));
    }

    [Fact]
    public void All_counts_on_everyone_present() => Assert.Equal(9, new JobParticipants().Wanted(9));

    [Fact]
    public void PresentFor_is_the_smallest_number_that_is_enough()
    {
        foreach (var fraction in new[] { 0.001, 0.1, 0.3, 1.0 / 3, 0.5, 0.7, 1 })
        {
            for (var updates = 1; updates <= 20; updates++)
            {
                var present = JobParticipants.PresentFor(fraction, updates);
                var participants = new JobParticipants { Fraction = fraction };
                Assert.True(participants.Wanted(present) >= updates, $"{fraction} of {present} for {updates}");
                Assert.True(participants.Wanted(present - 1) < updates, $"{fraction} of {present - 1} for {updates}");
            }
        }
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    [InlineData(4, true)]
    [InlineData(5, true)]
    public void Evaluation_is_due_after_every_so_many_rounds_and_after_the_last(int round, bool isDue) =>
        Assert.Equal(isDue, new JobEvaluation { Every = 2 }.IsDue(round, rounds: 5));

    [Fact]
    public void Evaluation_by_nobody_is_never_due() => Assert.False(new JobEvaluation { Mode = EvaluationMode.None }.IsDue(5, 5));
}
