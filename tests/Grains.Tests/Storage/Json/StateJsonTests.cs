using System.Collections.Immutable;
using System.Text.Json;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Contracts.Training;
using OrleansEdge.Grains.Storage.Json;

namespace OrleansEdge.Grains.Tests.Storage.Json;

public sealed class StateJsonTests
{
    [Fact]
    public void Identifiers_are_plain_texts()
    {
        var hash = ContentHash.Of("x"u8);
        Assert.Equal("\"digits\"", Write(JobId.Parse("digits")));
        Assert.Equal("\"harbour/dev7\"", Write(ParticipantId.Parse("harbour/dev7")));
        Assert.Equal("\"digits\"", Write(ModelName.Parse("digits")));
        Assert.Equal("\"harbour\"", Write(SiteName.Parse("harbour")));
        Assert.Equal("\"turbines\"", Write(DataName.Parse("turbines")));
        Assert.Equal($"\"{hash}\"", Write(hash));
        Assert.Equal("\"digits@3\"", Write(ModelVersionId.Parse("digits@3")));
    }

    [Fact]
    public void State_with_everything_in_it_comes_back_equal()
    {
        var state = new Sample
        {
            Job = JobId.Parse("digits"),
            Base = ModelVersionId.Parse("digits@3"),
            Absent = null,
            Contributors = [ParticipantId.Parse("a"), ParticipantId.Parse("b/c")],
            Weights = new() { [ParticipantId.Parse("b/c")] = 7 },
            Shards = [ContentHash.Of("x"u8)],
            Loss = double.NaN,
            Sums = new(3, double.PositiveInfinity, 2),
            Options = new() { Epochs = 4, Optimiser = new() { Kind = OptimiserKind.Adam } },
            Layout = new([new("w", TensorType.Float32, [2, 3])]),
        };
        var json = Write(state);
        var read = JsonSerializer.Deserialize<Sample>(json, StateJson.Options)!;
        Assert.Equal(json, Write(read));
        Assert.Equal(state.Job, read.Job);
        Assert.Equal(state.Base, read.Base);
        Assert.Equal(state.Contributors, read.Contributors);
        Assert.Equal(7, read.Weights[ParticipantId.Parse("b/c")]);
        Assert.Equal(state.Shards, read.Shards);
        Assert.Equal(state.Sums, read.Sums);
        Assert.Equal(state.Options, read.Options);
        Assert.True(state.Layout.Matches(read.Layout!));
        Assert.DoesNotContain("$type", json);
    }

    [Fact]
    public void Default_state_comes_back_as_it_is()
    {
        var read = JsonSerializer.Deserialize<Sample>(Write(new Sample()), StateJson.Options)!;
        Assert.True(read.Contributors.IsDefault);
        Assert.Equal(default, read.Job);
        Assert.Equal(default, read.Base);
        Assert.Null(read.Absent);
    }

    [Fact]
    public void State_of_a_newer_program_is_read() =>
        Assert.Equal(JobId.Parse("a"), JsonSerializer.Deserialize<Sample>("""{"job":"a","invented":{"x":[1]}}""", StateJson.Options)!.Job);

    [Theory]
    [InlineData("\"Not an id\"")]
    [InlineData("7")]
    [InlineData("{}")]
    public void Text_outside_the_grammar_is_refused(string json) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<JobId>(json, StateJson.Options));

    private static string Write<T>(T value) => JsonSerializer.Serialize(value, StateJson.Options);

    private sealed class Sample
    {
        public JobId Job { get; set; }

        public ModelVersionId Base { get; set; }

        public ContentHash? Absent { get; set; }

        public ImmutableArray<ParticipantId> Contributors { get; set; }

        public Dictionary<ParticipantId, long> Weights { get; set; } = [];

        public ImmutableArray<ContentHash> Shards { get; set; }

        public double Loss { get; set; }

        public EvaluationSums Sums { get; set; }

        public TrainingOptions? Options { get; set; }

        public ModelLayout? Layout { get; set; }
    }
}
