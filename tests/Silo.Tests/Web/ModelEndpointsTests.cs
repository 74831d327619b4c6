using System.Net;
using System.Net.Http.Json;
using System.Runtime.InteropServices;
using System.Text.Json;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Grains.Models.Safetensors;
using OrleansEdge.Silo.Web;

namespace OrleansEdge.Silo.Tests.Web;

public sealed class ModelEndpointsTests(TestSite site)
{
    private static readonly float[] Weights = [1, 2, 3, 4, 5, 6, 7, 8, 9];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Export_is_safetensors_of_the_weights_and_buffers()
    {
        await site.Publish("exported", Weights, batches: 42);

        using var file = new MemoryStream(await site.Http.GetByteArrayAsync(Address("exported/head/weights"), Stop));

        var reader = await SafetensorsReader.Open(file, Stop);
        Assert.True(TestSite.Layout.Matches(reader.Layout));
        Assert.Equal("exported@0", reader.Metadata["orleansedge.version"]);
        Assert.Equal(BitConverter.GetBytes(42L), await reader.ReadIntegers(TestSite.Layout, Stop));
        Assert.Equal(Weights, await Floats(reader));
    }

    [Fact]
    public async Task Import_of_an_export_is_the_same_weights_under_a_new_number_and_again_the_same_version()
    {
        var original = await site.Publish("round-trip", Weights, job: "some-job", round: 1);
        var bytes = await site.Http.GetByteArrayAsync(Address("round-trip/0/weights"), Stop);

        var first = await Version(await Put("round-trip", bytes));
        var second = await Version(await Put("round-trip", bytes));

        Assert.Equal("round-trip@1", first.Id.ToString());
        Assert.Equal(first.Id, second.Id);
        Assert.Equal(original.Manifest, first.Manifest);
        Assert.Equal(original.Id, first.Parent);
        Assert.Null(first.Job);
        Assert.Equal(original.Source, first.Source);
    }

    [Fact]
    public async Task Import_takes_the_network_of_another_model()
    {
        await site.Publish("giver", Weights);
        var bytes = await File(TestSite.Layout, [9, 8, 7, 6, 5, 4, 3, 2, 1], 1);

        var version = await Version(await Put("taker", bytes, "?from=giver@head"));

        Assert.Equal("taker@0", version.Id.ToString());
        Assert.Equal("giver@0", version.Parent.ToString());
        using var file = new MemoryStream(await site.Http.GetByteArrayAsync(Address("taker/0/weights"), Stop));
        float[] expected = [9, 8, 7, 6, 5, 4, 3, 2, 1];
        Assert.Equal(expected, await Floats(await SafetensorsReader.Open(file, Stop)));
    }

    [Fact]
    public async Task Import_of_what_does_not_fit_is_refused_with_a_sentence()
    {
        await site.Publish("strict", Weights);
        var narrow = new ModelLayout([new("hidden.weight", TensorType.Float32, [3, 1]), .. TestSite.Layout.Tensors.Skip(1)]);
        var extra = new ModelLayout([.. TestSite.Layout.Tensors, new("head.bias", TensorType.Float32, [1])]);

        Assert.Equal(
            "The tensor 'hidden.weight' is F32[3, 1] in the file and F32[3, 2] in the model: export the model that it is for.",
            await Refusal(await Put("strict", await File(narrow, new float[6], 0))));
        Assert.Equal(
            "The file has a tensor 'head.bias', which the network of strict@0 has not: export the model that it is for.",
            await Refusal(await Put("strict", await File(extra, new float[10], 0))));
        Assert.Equal(
            "The file holds a weight that is NaN, and such a model predicts nothing: export a version from before it diverged.",
            await Refusal(await Put("strict", await File(TestSite.Layout, [1, 2, 3, 4, float.NaN, 6, 7, 8, 9], 0))));
        Assert.Equal(
            "The file is not a whole safetensors file: it is too short; export it again.", await Refusal(await Put("strict", [1, 2, 3])));
        Assert.Equal(
            "There is no model 'unborn' yet: say whose network the file is for, with ?from=NAME@VERSION (--from on the command line).",
            await Refusal(await Put("unborn", await File(TestSite.Layout, Weights, 0))));
        var model = JsonElement.Parse(await site.Http.GetStringAsync(Address("strict"), Stop));
        Assert.Equal(0, model.GetProperty("head").GetInt32());
    }

    [Fact]
    public async Task Export_of_a_damaged_version_names_the_shard_and_sends_nothing()
    {
        var record = await site.Publish("damaged", [11, 12, 13, 14, 15, 16, 17, 18, 19]);
        var shard = (await site.Manifests.Read(record.Manifest)).WeightShards[1];
        site.Damage(shard);

        var answer = await site.Http.GetAsync(Address("damaged/0/weights"), Stop);

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        var error = await Error(answer);
        Assert.StartsWith($"The content {shard} is damaged (its bytes have another hash): delete '", error, StringComparison.Ordinal);
        Assert.EndsWith("' and restore it from a backup or another site.", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Promote_and_rollback_move_what_promoted_means()
    {
        await site.Publish("promoted", Weights, batches: 1);
        await site.Publish("promoted", Weights, batches: 2);

        Assert.Equal(HttpStatusCode.NotFound, (await site.Http.GetAsync(Address("promoted/promoted"), Stop)).StatusCode);
        Assert.Equal(0, (await Post("promoted/promote/0")).GetProperty("promoted").GetInt32());
        Assert.Equal(1, (await Post("promoted/promote/head")).GetProperty("promoted").GetInt32());
        Assert.Equal("promoted@1", JsonElement.Parse(await site.Http.GetStringAsync(Address("promoted/promoted"), Stop)).GetProperty("id").GetString());
        Assert.Equal(0, (await Post("promoted/rollback")).GetProperty("promoted").GetInt32());
        Assert.Equal(
            "There is no earlier promotion of 'promoted' to go back to: 'models promote' promotes a version.",
            (await Post("promoted/rollback")).GetProperty("error").GetString());
        Assert.Equal(
            "There is no version 'promoted@9': the newest of 'promoted' is promoted@1.",
            (await Post("promoted/promote/9")).GetProperty("error").GetString());
    }

    [Fact]
    public async Task Show_lists_the_newest_first_with_the_measurement_of_the_round()
    {
        var first = await site.Publish("shown", Weights, job: "shown-job", round: 1);
        await site.Publish("shown", Weights, batches: 8, job: "shown-job", round: 2);
        await site.Jobs.WriteRound(JobId.Parse("shown-job"), new(1, first.Id, 1, 2, 0, 0.5, new(0.25, 0.875, 80), 1, default));

        var model = JsonElement.Parse(await site.Http.GetStringAsync(Address("shown"), Stop));
        var limited = JsonElement.Parse(await site.Http.GetStringAsync(Address("shown?limit=1"), Stop));

        var versions = model.GetProperty("versions").EnumerateArray().ToList();
        Assert.Equal(["shown@1", "shown@0"], versions.Select(version => version.GetProperty("id").GetString()));
        Assert.Equal(JsonValueKind.Null, versions[0].GetProperty("evaluation").ValueKind);
        Assert.Equal(0.875, versions[1].GetProperty("evaluation").GetProperty("accuracy").GetDouble());
        Assert.Equal("shown@1", Assert.Single(limited.GetProperty("versions").EnumerateArray()).GetProperty("id").GetString());
    }

    [Theory]
    [InlineData("no-such-model", 404, "There is no model 'no-such-model': 'models list' shows the models.")]
    [InlineData("no-such-model/3/weights", 404, "There is no model 'no-such-model': 'models list' shows the models.")]
    [InlineData("some/newest", 400, "'some@newest' is not a model version: write NAME@NUMBER, NAME@head or NAME@promoted, for example digits@3.")]
    public async Task Wrong_names_get_a_sentence(string address, int status, string sentence)
    {
        var answer = await site.Http.GetAsync(Address(address), Stop);

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(sentence, await Error(answer));
    }

    internal static async Task<byte[]> File(ModelLayout layout, float[] weights, long batches)
    {
        using var file = new MemoryStream();
        using var vector = new MemoryStream(MemoryMarshal.AsBytes(weights.AsSpan()).ToArray());
        await SafetensorsWriter.Write(file, layout, null, vector, BitConverter.GetBytes(batches), Stop);
        return file.ToArray();
    }

    private static Uri Address(string path) => new($"/api/models/{path}", UriKind.Relative);

    private static async Task<float[]> Floats(SafetensorsReader reader)
    {
        var floats = new List<float>();
        await reader.ReadWeights(TestSite.Layout, (block, _) =>
        {
            floats.AddRange(MemoryMarshal.Cast<byte, float>(block.Span));
            return ValueTask.CompletedTask;
        }, Stop);
        return [.. floats];
    }

    private static async Task<string> Refusal(HttpResponseMessage answer)
    {
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        return await Error(answer);
    }

    private static async Task<string> Error(HttpResponseMessage answer) =>
        (await answer.Content.ReadFromJsonAsync<ErrorAnswer>(SiteJson.Options, Stop))!.Error;

    private static async Task<VersionAnswer> Version(HttpResponseMessage answer)
    {
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<VersionAnswer>(SiteJson.Options, Stop))!;
    }

    private Task<HttpResponseMessage> Put(string model, byte[] bytes, string query = "") =>
        site.Http.PutAsync(Address(model + query), new ByteArrayContent(bytes), Stop);

    private async Task<JsonElement> Post(string path) =>
        JsonElement.Parse(await (await site.Http.PostAsync(Address(path), null, Stop)).Content.ReadAsStringAsync(Stop));
}
