using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansEdge.Contracts.Data;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Grains.Audit;
using OrleansEdge.Grains.Enrolment;
using OrleansEdge.Grains.Jobs;
using OrleansEdge.Grains.Jobs.Files;
using OrleansEdge.Grains.Models;
using OrleansEdge.Grains.Participants;
using OrleansEdge.Grains.Rounds;
using OrleansEdge.Grains.Sites;
using OrleansEdge.Grains.Storage;
using OrleansEdge.Grains.Storage.Json;
using OrleansEdge.Grains.Tests.Retention;
using OrleansEdge.Tests.Shared.Golden;

namespace OrleansEdge.Grains.Tests.Golden;

/// <summary>What a silo of an earlier release has stored is read as it was meant.</summary>
public sealed class StoreTests
{
    private static readonly Dictionary<string, (Type Type, JsonSerializerOptions Json)> Documents = new()
    {
        ["state.Job"] = (typeof(JobState), StateJson.Options),
        ["state.Round"] = (typeof(RoundState), StateJson.Options),
        ["state.Model"] = (typeof(ModelState), StateJson.Options),
        ["state.Participant"] = (typeof(ParticipantState), StateJson.Options),
        ["state.Uplink"] = (typeof(UplinkState), StateJson.Options),
        ["RoundRecord"] = (typeof(RoundRecord), StateJson.Options),
        ["Enrolment"] = (typeof(OrleansEdge.Grains.Enrolment.Enrolment), StateJson.Options),
        ["Invitation"] = (typeof(Invitation), StateJson.Options),
        ["Revocation"] = (typeof(Revocation), StateJson.Options),
        ["VersionRecord"] = (typeof(VersionRecord), StateJson.Options),
        ["VersionRecord.signed"] = (typeof(VersionRecord), StateJson.Options),
        ["TaskDescription"] = (typeof(TaskDescription), TaskJson.Options),
        ["AuditBlock"] = (typeof(AuditBlock), StateJson.Options),
    };

    public static TheoryData<string> Names => [.. Documents.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Document_of_an_earlier_release_means_what_it_meant(string name)
    {
        var (type, json) = Documents[name];
        var golden = GoldenFile.Read($"store/{name}", () =>
        {
            var sample = type == typeof(AuditBlock) ? BlockOfAllOutcomes() : new GoldenSamples().Make(type);
            return new(JsonSerializer.SerializeToNode(sample, type, json)!, GoldenValues.Of(sample));
        });

        var value = golden.Written.Deserialize(type, json);

        Assert.Empty(GoldenValues.Differences(golden.Values, GoldenValues.Of(value)));
    }

    [Fact]
    public void Every_document_that_is_stored_has_a_golden_file() => new JsonUses(typeof(JobState).Assembly, typeof(TaskDescription).Assembly).RequireGoldenFiles(
        [.. Documents.Where(entry => !IsState(entry.Key)).Select(entry => entry.Value.Type), typeof(StoreOwner).GetNestedType("Owner", BindingFlags.NonPublic)!],
        $"{nameof(StoreTests)}.{nameof(Documents)}");

    [Fact]
    public void Every_state_of_a_grain_has_a_golden_file() => Assert.Equal(
        typeof(JobState).Assembly.GetTypes().SelectMany(type => type.GetConstructors())
            .SelectMany(constructor => constructor.GetParameters())
            .Where(parameter => parameter.IsDefined(typeof(PersistentStateAttribute), inherit: false))
            .Select(parameter => parameter.ParameterType.GetGenericArguments()[0].Name).Order(StringComparer.Ordinal),
        Documents.Where(entry => IsState(entry.Key)).Select(entry => entry.Value.Type.Name).Order(StringComparer.Ordinal));

    [Fact]
    public void Manifest_of_an_earlier_release_is_byte_for_byte_what_it_was()
    {
        var golden = GoldenFile.Read("store/ModelManifest", () => new(Encoding.UTF8.GetString(Manifest().ToBytes()), Manifest().Hash.Hex));

        // A version's manifest is named by its hash: were it written otherwise today, the same weights would be another version.
        var manifest = ModelManifest.Parse(Encoding.UTF8.GetBytes(golden.Written.GetValue<string>()));
        Assert.Equal(golden.Values!.GetValue<string>(), manifest.Hash.Hex);
        Assert.Equal(Manifest(), manifest);
    }

    [Theory]
    [InlineData("JobFile", AllKeys)]
    [InlineData("JobFile.tiers", KeysOfTiers)]
    public void Job_file_of_an_earlier_release_is_the_same_job(string name, string keys)
    {
        var golden = GoldenFile.Read($"store/{name}", () => new(JobFile.Write(Parse(keys)), GoldenValues.Of(Parse(keys))));

        var definition = Parse(golden.Written.GetValue<string>());

        // A job's grain parses what an earlier release has written; and a submission that is the same must be found the same.
        Assert.Empty(GoldenValues.Differences(golden.Values, GoldenValues.Of(definition)));
        Assert.Equal(golden.Written.GetValue<string>(), JobFile.Write(definition));
    }

    [Fact]
    public async Task Owner_of_a_store_of_an_earlier_release_is_known()
    {
        var golden = GoldenFile.Read("store/StoreOwner", () => new(MakeOwner(), null));
        var store = new MemoryBlobStore();
        await store.Write(StoreOwner.Name, Encoding.UTF8.GetBytes(golden.Written.ToJsonString()), cancellation: TestContext.Current.CancellationToken);

        Assert.Equal(new Guid("00000001-0002-0003-0405-060708090a0b"), await StoreOwner.Claim(store, SiteName.Parse("harbour"), TestContext.Current.CancellationToken));
    }

    private const string AllKeys = """
        job: digits
        model: mlp:64,32
        publish: numbers
        data: images
        task: classification
        strategy:
          name: krum
          byzantine: 1
        rounds: 7
        participants: {perRound: 5, minimum: 5, overSelection: 1.5}
        quorum: 5
        deadline: 90s
        onMissedQuorum: skip
        training:
          localEpochs: 3
          batchSize: 16
          optimiser: {name: adam, learningRate: 0.01, weightDecay: 0.001, beta1: 0.8, beta2: 0.99}
        seed: 12345678901
        evaluation: {mode: federated, every: 2, heldOut: 0.2}
        """;

    /// <summary>What came with tiers: two of them, late updates, and a length of training in steps.</summary>
    private const string KeysOfTiers = """
        job: letters
        from: letters@3
        publish: letters
        data: images
        rounds: 4
        participants: {fraction: 0.5, minimum: 3}
        quorum: 2
        staleness: {maximum: 3, exponent: 0.75}
        training:
          localSteps: 120
          optimiser: {name: sgd, learningRate: 0.02, momentum: 0.9}
        evaluation: {mode: federated, every: 2, heldOut: 0.2}
        tiers:
          - rounds: 5
            autonomy: 6
            strategy: {name: coordinate-median}
            participants: {perRound: 6, minimum: 6, overSelection: 1.25}
            quorum: 4
            deadline: 45s
            onMissedQuorum: skip
            staleness: {maximum: 2, exponent: 1.5}
            evaluation: {mode: federated, every: 3}
          - rounds: 2
            participants: {fraction: 0.25}
            onMissedQuorum: fail
        """;

    private static bool IsState(string name) => name.StartsWith("state.", StringComparison.Ordinal);

    private static JobDefinition Parse(string text) => JobFile.Parse(text, "job.yaml", new StrategyDeclarations());

    /// <summary>Outcomes are written by their names, each of which must stay.</summary>
    private static AuditBlock BlockOfAllOutcomes() => new(7, AuditHead.Empty.Hash,
    [
        .. Enum.GetValues<AuditOutcome>().Select(outcome => new AuditRecord(
            new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), new("anna", "revoke device", outcome, "harbour/dev7", "192.0.2.8", "It was stolen."), 1 + (int)outcome)),
    ]);

    private static JsonObject MakeOwner() => new JsonObject { ["site"] = "harbour", ["store"] = "00000001-0002-0003-0405-060708090a0b" };

    private static ModelManifest Manifest() => ModelManifest.OfWeights(
        new([new("hidden.weight", TensorType.Float32, [3, 2]), new("norm.batches", TensorType.Int64, []), new("hidden.bias", TensorType.Float32, [3])]),
        new ShardPlan(9, 4), [ContentHash.Of([1]), ContentHash.Of([2]), ContentHash.Of([3])], BitConverter.GetBytes(42L));
}
