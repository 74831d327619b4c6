using OrleansEdge.Silo.Tests.Web;

namespace OrleansEdge.Silo.Tests.Commands;

public sealed class PruneCommandTests(TestSite site) : IDisposable
{
    private static readonly float[] Weights = [1, 2, 3, 4, 5, 6, 7, 8, 9];
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Prune_keeps_the_newest_the_promoted_and_the_best_and_says_why()
    {
        await Publish("cli-pruned", 5);
        await CommandLine.Run(site.Address, "models", "promote", "cli-pruned@1");
        string[] arguments = ["models", "prune", "cli-pruned", "--keep-last", "1", "--keep-best", "accuracy"];

        var dry = await CommandLine.Run(site.Address, [.. arguments, "--dry-run"]);
        var before = await CommandLine.Run(site.Address, "models", "show", "cli-pruned", "--json");
        var done = await CommandLine.Run(site.Address, [.. arguments, "--json"]);
        var after = await CommandLine.Run(site.Address, "models", "show", "cli-pruned", "--json");

        Assert.Equal((0, ""), (dry.ExitCode, dry.Error));
        Assert.Matches(@"^KEPT +BECAUSE IT IS *\ncli-pruned@4 +the newest *\ncli-pruned@2 +the best *\ncli-pruned@1 +promoted, now or before *\n", dry.Output);
        Assert.Contains("\n2 versions would be pruned, and 0 blobs of 0 B deleted; nothing was done.\n", dry.Output, StringComparison.Ordinal);
        Assert.Contains(" that nothing refers to are kept until 1 d 0 h after they were last stored.\n", dry.Output, StringComparison.Ordinal);
        Assert.Equal(5, Versions(before).Count());
        Assert.Equal(["cli-pruned@3", "cli-pruned@0"], done.Json.GetProperty("pruned").EnumerateArray().Select(version => version.GetString()));
        Assert.Equal("best", done.Json.GetProperty("kept")[1].GetProperty("reason").GetString());
        Assert.Equal(["cli-pruned@4", "cli-pruned@2", "cli-pruned@1"], Versions(after));
        Assert.Equal("1 version pruned, 0 blobs of 0 B deleted.", Line(await CommandLine.Run(site.Address, "models", "prune", "cli-pruned", "--keep-last", "1"), 4));
    }

    [Fact]
    public async Task Pruned_version_is_said_to_be_pruned_wherever_somebody_asks_for_it()
    {
        const string Sentence = "error: Version cli-gone@0 has been pruned to make room: 'models show cli-gone' lists the versions that are kept.\n";
        await Publish("cli-gone", 2);
        await CommandLine.Run(site.Address, "models", "prune", "cli-gone", "--keep-last", "1");
        var file = Path.Combine(_folder.Path, "model.safetensors");
        var job = _folder.File("job.yaml", "job: cli-gone-job\nfrom: cli-gone@0\npublish: other\ndata: digits\nrounds: 1\n");

        string[][] commands =
        [
            ["models", "show", "cli-gone@0"], ["models", "export", "cli-gone@0", file], ["models", "promote", "cli-gone@0"],
            ["models", "import", "cli-other", job, "--from", "cli-gone@0"], ["jobs", "submit", job],
        ];
        foreach (var command in commands)
        {
            var result = await CommandLine.Run(site.Address, command);
            Assert.Equal((Sentence, ""), (result.Error, result.Output));
            Assert.NotEqual(0, result.ExitCode);
        }

        Assert.False(File.Exists(file));
    }

    [Theory]
    [InlineData("error: 0 versions cannot be kept: give a number from 1 on with ?keepLast=N (--keep-last on the command line).\n", 2, "--keep-last", "0")]
    [InlineData("error: There is no metric 'beauty': the best version is by accuracy or by loss.\n", 2, "--keep-best", "beauty")]
    public async Task Wrong_input_gets_a_sentence_and_changes_nothing(string error, int exitCode, params string[] options)
    {
        await Publish("cli-unpruned", 1);
        var result = await CommandLine.Run(site.Address, ["models", "prune", "cli-unpruned", .. options]);
        Assert.Equal((exitCode, "", error), (result.ExitCode, result.Output, result.Error));
    }

    [Fact]
    public async Task Model_that_does_not_exist_cannot_be_pruned() => Assert.Equal(
        (1, "error: There is no model 'cli-never': 'models list' shows the models.\n"),
        await CommandLine.Run(site.Address, "models", "prune", "cli-never") is var result ? (result.ExitCode, result.Error) : default);

    /// <summary>Version 2 is the best that was measured.</summary>
    private async Task Publish(string model, int versions)
    {
        for (var number = 0; number < versions; number++)
        {
            var record = await site.Publish(model, [.. Weights.Select(weight => weight + number)], job: $"{model}-job", round: number + 1);
            await site.Jobs.WriteRound(record.Job!.Value, new(record.Round, record.Id, 1, 2, 0, 0.5, new(0.25, number == 2 ? 0.9 : 0.8, 80), 1, default));
        }
    }

    private static IEnumerable<string?> Versions(CommandResult result) =>
        result.Json.GetProperty("versions").EnumerateArray().Select(version => version.GetProperty("id").GetString());

    private static string Line(CommandResult result, int number) => result.Output.Split('\n')[number];
}
