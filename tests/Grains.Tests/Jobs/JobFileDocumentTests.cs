using OrleansEdge.Grains.Jobs;
using OrleansEdge.Grains.Jobs.Files;
using OrleansEdge.Tests.Shared;

namespace OrleansEdge.Grains.Tests.Jobs;

public sealed class JobFileDocumentTests
{
    private static readonly string[] Expected =
        ["batchnorm.yaml", "digits.yaml", "hierarchy.yaml", "krum.yaml", "median.yaml", "mnist.yaml", "table.yaml", "torchscript.yaml"];

    public static TheoryData<string> Examples => [.. Expected];

    [Fact]
    public void Page_on_disk_is_the_generated_one()
    {
        var page = Path.Combine(WorkingTree.Root, "docs", "job-file.md");
        var generated = JobFileSchema.Markdown(new StrategyDeclarations());
        if (Environment.GetEnvironmentVariable("UPDATE_DOCUMENTS") == "1")
        {
            File.WriteAllText(page, generated);
        }

        Assert.True(File.Exists(page) && File.ReadAllText(page) == generated, "docs/job-file.md is out of date: run the tests with UPDATE_DOCUMENTS=1 and commit it");
    }

    [Fact]
    public void Every_key_is_documented()
    {
        var keys = JobFileSchema.Keys(JobFiles.Strategies);

        Assert.All(keys, key => Assert.True(key.Summary.Length > 10 && key.Type.Length > 0, key.Path));
        Assert.Equal(keys.Count, keys.Select(key => key.Path).Distinct().Count());
        Assert.Equal(["job", "data", "rounds"], keys.Where(key => key.Default.Length == 0).Select(key => key.Path));
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void Example_is_a_job_and_has_comments(string name)
    {
        var file = Path.Combine(WorkingTree.Root, "infra", "jobs", name);
        var text = File.ReadAllText(file);

        var job = JobFile.Parse(text, name, new StrategyDeclarations());

        Assert.Equal(job, JobFile.Parse(JobFile.Write(job), name, new StrategyDeclarations()));
        Assert.StartsWith("# ", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_example_is_tested() => Assert.Equal(Expected, JobFiles.Examples.Select(Path.GetFileName));
}
