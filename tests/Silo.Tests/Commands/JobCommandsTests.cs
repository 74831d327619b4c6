using System.IO.Compression;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Silo.Tests.Web;

namespace OrleansEdge.Silo.Tests.Commands;

public sealed class JobCommandsTests(TestSite site) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Submit_says_what_was_begun_and_can_be_repeated()
    {
        var file = _folder.File("job.yaml", JobEndpointsTests.File("cli-submit"));

        var first = await CommandLine.Run(site.Address, "jobs", "submit", file);
        var second = await CommandLine.Run(site.Address, "jobs", "submit", file, "--json");

        Assert.Equal((0, ""), (first.ExitCode, first.Error));
        Assert.Equal(
            """
            Job 'cli-submit' is submitted: 3 rounds of fedavg on data 'nobody-has-this', published as model 'cli-submit'.
            It waits: 1 more participant with data 'nobody-has-this' must join (0 of 1 are here).
            'jobs watch cli-submit' shows how it goes.

            """,
            first.Output);
        Assert.Equal(0, second.ExitCode);
        Assert.Equal("cli-submit", second.Json.GetProperty("job").GetString());
    }

    [Fact]
    public async Task Submit_of_faults_lists_them_all_and_asks_no_site()
    {
        var file = _folder.File("faulty.yaml", "job: cli-faulty\nmodel: cnn\ndata: digits\nrounds: many\ncolour: red\n");

        var result = await CommandLine.Run(new Uri("http://127.0.0.1:9"), "jobs", "submit", file);

        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.StartsWith($"{file}:4: 'rounds' must be ", result.Error, StringComparison.Ordinal);
        Assert.Contains($"\n{file}:5: ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Submit_of_one_fault_begins_with_file_and_line()
    {
        var file = _folder.File("faulty.yaml", "job: cli-faulty\nmodel: cnn\ndata: digits\nrounds: many\n");

        var result = await CommandLine.Run(site.Address, "jobs", "submit", file);

        Assert.StartsWith($"{file}:4: 'rounds' must be ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Submit_uploads_the_TorchScript_file_that_lies_beside_the_job_file()
    {
        var script = Path.Combine(_folder.Path, "jobs", "nets", "lenet.pt");
        Directory.CreateDirectory(Path.GetDirectoryName(script)!);
        using (var archive = ZipFile.Open(script, ZipArchiveMode.Create))
        {
            archive.CreateEntry("lenet/code/__torch__.py");
        }

        var file = _folder.File("jobs/script.yaml", JobEndpointsTests.File("cli-script").Replace("cnn", "nets/lenet.pt", StringComparison.Ordinal));

        var result = await CommandLine.Run(site.Address, "jobs", "submit", file, "--json");

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        var stored = await site.Content.Read(ContentHash.Of(File.ReadAllBytes(script)), TestContext.Current.CancellationToken);
        Assert.Equal(new FileInfo(script).Length, stored.Length);
    }

    [Fact]
    public async Task Submit_refuses_what_is_not_TorchScript()
    {
        var text = JobEndpointsTests.File("cli-wrong-script").Replace("cnn", "net.pt", StringComparison.Ordinal);
        var file = _folder.File("script.yaml", text);
        var script = Path.Combine(_folder.Path, "net.pt");

        var missing = await CommandLine.Run(site.Address, "jobs", "submit", file);
        _folder.File("net.pt", "no archive");
        var wrong = await CommandLine.Run(site.Address, "jobs", "submit", file);

        Assert.Equal(
            (2, $"error: There is no TorchScript file '{script}', which 'model' in '{file}' names: the path is taken relative to the job file.\n"),
            (missing.ExitCode, missing.Error));
        Assert.Equal(
            (2, $"error: '{script}' is not a TorchScript file: save the module in Python with torch.jit.script(module).save('net.pt').\n"),
            (wrong.ExitCode, wrong.Error));
    }

    [Fact]
    public async Task Without_a_site_there_is_one_sentence_that_says_what_to_do()
    {
        var nowhere = new Uri($"http://127.0.0.1:{TestSite.FreePort()}");

        var result = await CommandLine.Run(nowhere, "jobs", "list", "--json");

        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        Assert.Equal($"error: There is no site at {nowhere}: start one with the verb 'serve', or say where it is with --site URL or ORLEANSEDGE_SITE.\n", result.Error);
    }

    [Theory]
    [InlineData("error: There is no job 'cli-unknown': 'jobs list' shows the jobs.\n", 1, "jobs", "show", "cli-unknown")]
    [InlineData("error: There is no job 'cli-unknown': 'jobs list' shows the jobs.\n", 1, "jobs", "watch", "cli-unknown")]
    [InlineData("error: There is no job 'cli-unknown': 'jobs list' shows the jobs.\n", 1, "jobs", "pause", "cli-unknown")]
    [InlineData("error: 'Not_An_Id' is not a job id: use 1 to 63 lower-case letters, digits and hyphens, not beginning with a hyphen.\n", 2, "jobs", "show", "Not_An_Id")]
    [InlineData("error: There is no file 'no-such.yaml': give the path of a job file.\n", 2, "jobs", "submit", "no-such.yaml")]
    [InlineData("error: Required argument 'ID' missing for command: 'show'.\n'jobs show --help' says what there is.\n", 2, "jobs", "show")]
    public async Task Wrong_input_gets_a_sentence_and_an_exit_code(string error, int exitCode, params string[] arguments)
    {
        var result = await CommandLine.Run(site.Address, arguments);

        Assert.Equal((exitCode, "", error), (result.ExitCode, result.Output, result.Error));
    }

    [Fact]
    public async Task Steering_says_how_the_job_stands()
    {
        await CommandLine.Run(site.Address, "jobs", "submit", _folder.File("job.yaml", JobEndpointsTests.File("cli-steered")));

        Assert.Equal("Job 'cli-steered' is paused, 0 of 3 rounds done.\n", (await CommandLine.Run(site.Address, "jobs", "pause", "cli-steered")).Output);
        Assert.Equal("Job 'cli-steered' is describing, 0 of 3 rounds done.\n", (await CommandLine.Run(site.Address, "jobs", "resume", "cli-steered")).Output);
        Assert.Equal("Job 'cli-steered' is stopped, 0 of 3 rounds done.\n", (await CommandLine.Run(site.Address, "jobs", "stop", "cli-steered")).Output);
        var again = await CommandLine.Run(site.Address, "jobs", "resume", "cli-steered");
        Assert.Equal((1, "error: Job 'cli-steered' has ended (stopped).\n"), (again.ExitCode, again.Error));
        Assert.Equal(1, (await CommandLine.Run(site.Address, "jobs", "watch", "cli-steered")).ExitCode);
    }

    [Fact]
    public async Task List_and_show_are_tables_for_people_and_documents_for_programs()
    {
        await CommandLine.Run(site.Address, "jobs", "submit", _folder.File("job.yaml", JobEndpointsTests.File("cli-listed")));
        await site.Jobs.WriteRound(JobId.Parse("cli-listed"), new(0, null, 1, 1, 0, null, null, 1.5, default));

        var list = await CommandLine.Run(site.Address, "jobs", "list");
        var documents = await CommandLine.Run(site.Address, "jobs", "list", "--json");
        var show = await CommandLine.Run(site.Address, "jobs", "show", "cli-listed");
        var document = await CommandLine.Run(site.Address, "jobs", "show", "cli-listed", "--json");
        var file = await CommandLine.Run(site.Address, "jobs", "show", "cli-listed", "--file");

        Assert.Matches("JOB +PHASE +ROUNDS +VERSION +MEASURED +SUBMITTED", list.Output);
        Assert.Matches("cli-listed +describing +0 of 3 +- +- +0 s ago", list.Output);
        Assert.Contains(documents.Json.EnumerateArray(), job => job.GetProperty("job").GetString() == "cli-listed");
        Assert.Contains("phase         describing\n", show.Output, StringComparison.Ordinal);
        Assert.Equal("describing", document.Json.GetProperty("status").GetProperty("phase").GetString());
        Assert.Contains("job: cli-listed\n", file.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("jobs")]
    [InlineData("jobs", "submit")]
    [InlineData("models", "import")]
    [InlineData("devices", "list")]
    public async Task Help_ends_with_examples(params string[] arguments)
    {
        var result = await CommandLine.Run(site.Address, [.. arguments, "--help"]);

        Assert.Equal(0, result.ExitCode);
        Assert.Contains($"Examples:\n  Silo {string.Join(' ', arguments)}", result.Output, StringComparison.Ordinal);
        Assert.Contains("--site", result.Output, StringComparison.Ordinal);
    }
}
