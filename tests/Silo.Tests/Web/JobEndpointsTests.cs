using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Grains.Jobs;
using OrleansEdge.Silo.Web;

namespace OrleansEdge.Silo.Tests.Web;

public sealed class JobEndpointsTests(TestSite site)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Submit_of_a_good_file_begins_the_job_and_again_changes_nothing()
    {
        var first = await Submit(File("submit-good"));
        var second = await Submit(File("submit-good"));

        Assert.Equal(HttpStatusCode.Created, first.StatusCode);
        Assert.Equal(HttpStatusCode.Created, second.StatusCode);
        var status = await first.Content.ReadFromJsonAsync<JobStatus>(SiteJson.Options, Stop);
        Assert.Equal(JobPhase.Describing, status!.Phase);
        Assert.Contains("nobody-has-this", status.Waiting, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Submit_of_faults_names_each_with_its_line()
    {
        var answer = await Submit("job: submit-faults\nmodel: cnn\ndata: digits\nrounds: many\ncolour: red\n", "harbour jobs.yaml");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var lines = (await Error(answer)).Split('\n');
        Assert.Equal(2, lines.Length);
        Assert.StartsWith("harbour jobs.yaml:4: 'rounds' must be", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("harbour jobs.yaml:5: ", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Submit_of_another_file_under_the_same_id_is_a_conflict()
    {
        await Submit(File("submit-twice"));

        var answer = await Submit(File("submit-twice", rounds: 9));

        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Equal("There is a job 'submit-twice' already: choose another id for this one ('job:' in the job file).", await Error(answer));
    }

    [Fact]
    public async Task Submit_of_a_file_that_is_too_large_is_refused()
    {
        var answer = await Submit(new string('#', 70_000));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("'some.yaml' is larger than 64 KiB, so it is no job file: check its name.", await Error(answer));
    }

    [Fact]
    public async Task Submit_with_a_network_file_needs_its_upload()
    {
        var text = File("submit-script").Replace("cnn", "nets/lenet.pt", StringComparison.Ordinal);
        var hash = ContentHash.Of("nobody uploaded this"u8);

        Assert.Equal(
            "The job file names the TorchScript file 'nets/lenet.pt', which was not sent: put it to /api/content and give its hash with ?torchscript=HASH.",
            await Error(await Submit(text)));
        Assert.Equal(
            $"The site does not hold the content {hash}: put the TorchScript file to /api/content first.",
            await Error(await Submit(text, query: $"?torchscript={hash}")));
        Assert.Equal("A content hash has 64 lower-case hexadecimal digits.", await Error(await Submit(text, query: "?torchscript=12")));
    }

    [Fact]
    public async Task Submit_from_an_unknown_version_is_refused()
    {
        var answer = await Submit("job: submit-from\nmodel: cnn\nfrom: no-such-model@3\ndata: digits\nrounds: 1\n");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("There is no version 'no-such-model@3' to start from: 'models show no-such-model' lists what there is.", await Error(answer));
    }

    [Theory]
    [InlineData("GET", "/api/jobs/no-such-job", 404, "There is no job 'no-such-job': 'jobs list' shows the jobs.")]
    [InlineData("GET", "/api/jobs/no-such-job/rounds", 404, "There is no job 'no-such-job': 'jobs list' shows the jobs.")]
    [InlineData("GET", "/api/jobs/no-such-job/file", 404, "There is no job 'no-such-job': 'jobs list' shows the jobs.")]
    [InlineData("POST", "/api/jobs/no-such-job/stop", 404, "There is no job 'no-such-job': 'jobs list' shows the jobs.")]
    [InlineData("GET", "/api/jobs/No_Such", 400, "'No_Such' is not a job id: use 1 to 63 lower-case letters, digits and hyphens, not beginning with a hyphen.")]
    [InlineData("GET", "/api/nothing", 404, "There is nothing at /api/nothing: the program that asks may be of another release.")]
    [InlineData("DELETE", "/api/jobs", 405, "/api/jobs does not take DELETE: the program that asks may be of another release.")]
    [InlineData("GET", "/api/jobs/j/rounds?from=x", 400, "A value in the address /api/jobs/j/rounds?from=x cannot be read: check the numbers in it.")]
    public async Task Wrong_addresses_get_a_sentence(string method, string address, int status, string sentence)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), address);
        var answer = await site.Http.SendAsync(request, Stop);

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(sentence, await Error(answer));
    }

    [Fact]
    public async Task Steering_pauses_resumes_and_stops_and_a_stopped_job_takes_no_more()
    {
        await Submit(File("steered"));

        Assert.True((await Steer("pause")).GetProperty("paused").GetBoolean());
        Assert.False((await Steer("resume")).GetProperty("paused").GetBoolean());
        Assert.Equal("stopped", (await Steer("stop")).GetProperty("phase").GetString());
        var refused = await site.Http.PostAsync(new Uri("/api/jobs/steered/pause", UriKind.Relative), null, Stop);
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.Equal("Job 'steered' has ended (stopped).", await Error(refused));

        async Task<JsonElement> Steer(string verb)
        {
            var answer = await site.Http.PostAsync(new Uri($"/api/jobs/steered/{verb}", UriKind.Relative), null, Stop);
            return JsonElement.Parse(await answer.Content.ReadAsStringAsync(Stop));
        }
    }

    [Fact]
    public async Task Rounds_are_those_from_the_number_on_that_are_over()
    {
        var job = JobId.Parse("with-rounds");
        await Submit(File("with-rounds"));
        await site.Jobs.WriteRound(job, new(0, new(ModelName.Parse("with-rounds"), 0), 1, 1, 0, null, null, 1.5, default));

        Assert.Equal("[]", await site.Http.GetStringAsync(new Uri("/api/jobs/with-rounds/rounds", UriKind.Relative), Stop));
        var records = JsonElement.Parse(await site.Http.GetStringAsync(new Uri("/api/jobs/with-rounds/rounds?from=0", UriKind.Relative), Stop));
        Assert.Equal("with-rounds@0", Assert.Single(records.EnumerateArray()).GetProperty("version").GetString());
    }

    [Fact]
    public async Task File_is_the_canonical_job_file()
    {
        await Submit(File("with-file"));

        var answer = await site.Http.GetAsync(new Uri("/api/jobs/with-file/file", UriKind.Relative), Stop);

        Assert.Equal("text/yaml", answer.Content.Headers.ContentType?.MediaType);
        var definition = Grains.Jobs.Files.JobFile.Parse(await answer.Content.ReadAsStringAsync(Stop), "x.yaml", new StrategyDeclarations());
        Assert.Equal(3, definition.Rounds);
    }

    [Fact]
    public async Task List_has_every_job()
    {
        await Submit(File("listed-b"));
        await Submit(File("listed-a"));

        var jobs = JsonElement.Parse(await site.Http.GetStringAsync(new Uri("/api/jobs", UriKind.Relative), Stop));

        var ids = jobs.EnumerateArray().Select(job => job.GetProperty("job").GetString()).Where(id => id!.StartsWith("listed", StringComparison.Ordinal));
        Assert.Equal(["listed-a", "listed-b"], ids);
    }

    internal static string File(string job, int rounds = 3) => $"job: {job}\nmodel: cnn\ndata: nobody-has-this\nrounds: {rounds}\n";

    private static async Task<string> Error(HttpResponseMessage answer) =>
        (await answer.Content.ReadFromJsonAsync<ErrorAnswer>(SiteJson.Options, Stop))!.Error;

    private async Task<HttpResponseMessage> Submit(string text, string fileName = "some.yaml", string query = "")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/jobs{query}") { Content = new StringContent(text, Encoding.UTF8, "text/yaml") };
        request.Headers.Add("X-File-Name", Uri.EscapeDataString(fileName));
        return await site.Http.SendAsync(request, Stop);
    }
}
