using System.Security.Cryptography;
using OrleansEdge.Silo.Tests.Web;

namespace OrleansEdge.Silo.Tests.Commands;

public sealed class ModelCommandsTests(TestSite site) : IDisposable
{
    private static readonly float[] Weights = [1, 2, 3, 4, 5, 6, 7, 8, 9];
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Export_and_import_go_round()
    {
        await site.Publish("cli-model", Weights);
        var file = Path.Combine(_folder.Path, "model.safetensors");

        var export = await CommandLine.Run(site.Address, "models", "export", "cli-model@head", file, "--json");
        var import = await CommandLine.Run(site.Address, "models", "import", "cli-copy", file, "--from", "cli-model@0");

        Assert.Equal((0, ""), (export.ExitCode, export.Error));
        Assert.Equal("cli-model@0", export.Json.GetProperty("version").GetString());
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file))), export.Json.GetProperty("sha256").GetString());
        Assert.Equal((0, "cli-copy@0 is published, with the network of cli-model@0.\n"), (import.ExitCode, import.Output));
        Assert.Single(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task Export_of_a_damaged_version_leaves_the_file_that_was_there()
    {
        var record = await site.Publish("cli-damaged", [21, 22, 23, 24, 25, 26, 27, 28, 29]);
        var shard = (await site.Manifests.Read(record.Manifest)).WeightShards[0];
        site.Damage(shard);
        var file = _folder.File("old.safetensors", "old");

        var result = await CommandLine.Run(site.Address, "models", "export", "cli-damaged@0", file);

        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        Assert.StartsWith($"error: The content {shard} is damaged", result.Error, StringComparison.Ordinal);
        Assert.Equal("old", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        Assert.Single(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task Export_into_a_folder_that_is_not_there_is_wrong_input()
    {
        var file = Path.Combine(_folder.Path, "nowhere", "model.safetensors");

        var result = await CommandLine.Run(site.Address, "models", "export", "cli-model@0", file);

        Assert.Equal((2, $"error: '{file}' cannot be a file: give a file's name in a folder that exists.\n"), (result.ExitCode, result.Error));
    }

    [Fact]
    public async Task Promote_rollback_list_and_show_say_how_it_stands()
    {
        await site.Publish("cli-versions", Weights, batches: 1);
        await site.Publish("cli-versions", Weights, batches: 2, job: "cli-job", round: 4);

        Assert.Equal("cli-versions@0 is promoted.\n", (await CommandLine.Run(site.Address, "models", "promote", "cli-versions@0")).Output);
        Assert.Equal("cli-versions@1 is promoted.\n", (await CommandLine.Run(site.Address, "models", "promote", "cli-versions@head")).Output);
        Assert.Matches("cli-versions +1 +1", (await CommandLine.Run(site.Address, "models", "list")).Output);
        Assert.Equal("cli-versions@0 is promoted again.\n", (await CommandLine.Run(site.Address, "models", "rollback", "cli-versions")).Output);
        Assert.Matches(@"cli-versions@1 +cli-job +4 +fedavg +- +2 +600 +[0-9a-f]{12}", (await CommandLine.Run(site.Address, "models", "show", "cli-versions")).Output);
        Assert.Contains("round 4 of job 'cli-job', attempt 0, by fedavg", (await CommandLine.Run(site.Address, "models", "show", "cli-versions@1")).Output, StringComparison.Ordinal);
        Assert.Equal(0, (await CommandLine.Run(site.Address, "models", "show", "cli-versions", "--json")).Json.GetProperty("promoted").GetInt32());
    }

    [Theory]
    [InlineData("error: 'digits' is not a model version: write NAME@NUMBER, NAME@head or NAME@promoted, for example digits@3.\n", 2, "models", "promote", "digits")]
    [InlineData("error: There is no model 'cli-nothing': 'models list' shows the models.\n", 1, "models", "show", "cli-nothing")]
    [InlineData("error: There is no file 'no-such.safetensors': give the path of a safetensors file.\n", 2, "models", "import", "cli-nothing", "no-such.safetensors")]
    public async Task Wrong_input_gets_a_sentence_and_an_exit_code(string error, int exitCode, params string[] arguments)
    {
        var result = await CommandLine.Run(site.Address, arguments);

        Assert.Equal((exitCode, "", error), (result.ExitCode, result.Output, result.Error));
    }
}
