using System.Diagnostics;
using OrleansEdge.Contracts.Telemetry;

namespace OrleansEdge.Contracts.Tests.Telemetry;

public sealed class SpanRulesTests
{
    private static readonly ActivityContext Kept = new(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded);

    private static readonly ActivityContext Dropped = new(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.None);

    [Fact]
    public void Opening_of_a_round_begins_a_trace() => Assert.True(SpanRules.IsKept(OrleansEdgeTelemetry.RoundOpened, default));

    [Theory]
    [InlineData("OrleansEdge.Contracts.Participants.IParticipantGrain/Sync")]
    [InlineData("IJobControl/Touch")]
    [InlineData("fold")]
    [InlineData("IShardGrain/Append")]
    public void Anything_else_without_a_parent_is_dropped(string name) => Assert.False(SpanRules.IsKept(name, default));

    [Theory]
    [InlineData("train")]
    [InlineData("IRoundGrain/Commit")]
    [InlineData("IShardGrain/Begin")]
    public void Part_of_a_kept_trace_is_kept(string name) => Assert.True(SpanRules.IsKept(name, Kept));

    [Theory]
    [InlineData("train")]
    [InlineData(OrleansEdgeTelemetry.RoundOpened)]
    public void Part_of_a_dropped_trace_is_dropped(string name) => Assert.False(SpanRules.IsKept(name, Dropped));

    [Theory]
    [InlineData("IShardGrain/Append")]
    [InlineData("OrleansEdge.Contracts.Content.IContentGrain/Read")]
    public void Call_for_a_chunk_is_dropped_in_a_kept_trace(string name) => Assert.False(SpanRules.IsKept(name, Kept));

    [Fact]
    public void Chunk_calls_are_named_as_in_the_contract()
    {
        Assert.NotNull(typeof(Rounds.IShardGrain).GetMethod(nameof(Rounds.IShardGrain.Append)));
        Assert.NotNull(typeof(OrleansEdge.Contracts.Content.IContentGrain).GetMethod(nameof(OrleansEdge.Contracts.Content.IContentGrain.Read)));
    }
}
