using System.Collections.Immutable;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Rounds;
using OrleansEdge.Grains.Jobs;
using OrleansEdge.Grains.Jobs.Files;
using OrleansEdge.Grains.Surveys;
using OrleansEdge.Grains.Tests.Cluster;

namespace OrleansEdge.Grains.Tests.Surveys;

/// <summary>How long a survey waits for those that do not answer.</summary>
public sealed class SurveyPatienceTests
{
    private static readonly TimeSpan OfDevices = TimeSpan.FromMinutes(4);

    [Fact]
    public void Every_tier_waits_longer_than_the_one_below_it()
    {
        var top = JobFile.Parse(TestFleet.JobFile("rounds: 1\ntiers:\n  - {}\n  - {}\n"), "job.yaml", new StrategyDeclarations());
        Assert.Equal(TimeSpan.FromMinutes(6.25), JobCrew.Patience(top, OfDevices));
        Assert.Equal(TimeSpan.FromMinutes(5), JobCrew.Patience(top.Below!, OfDevices));
        Assert.Equal(OfDevices, JobCrew.Patience(top.Below!.Below!, OfDevices));
    }

    [Fact]
    public async Task A_survey_is_complete_without_the_participant_that_hangs()
    {
        await using var fleet = await TestFleet.Start();
        ImmutableArray<ParticipantId> hanging = [ParticipantId.Parse("p0")];
        var patient = await Ask(fleet, "patient", TimeSpan.FromHours(1));
        Assert.False(patient.IsComplete);
        var impatient = await Ask(fleet, "impatient", TimeSpan.FromTicks(1));
        Assert.Equal((true, hanging[0]), (impatient.IsComplete, Assert.Single(impatient.Waiting)));

        Task<SurveyStatus> Ask(TestFleet site, string job, TimeSpan patience)
        {
            var id = new InstructionId(new(JobId.Parse(job), 0), InstructionKind.Describe);
            return site.Site.Grains.GetGrain<ISurveyControl>(SurveyKey.Of(id)).Ask(new DescribeInstruction { Id = id, Data = DataName.Parse("d") }, hanging, patience);
        }
    }
}
