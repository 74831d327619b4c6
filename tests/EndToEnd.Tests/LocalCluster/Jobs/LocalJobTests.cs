using OrleansEdge.Contracts.Faults;
using OrleansEdge.Grains.Jobs;
using OrleansEdge.Grains.Jobs.Files;
using OrleansEdge.LocalCluster;
using OrleansEdge.LocalCluster.Jobs;

namespace OrleansEdge.EndToEnd.Tests.LocalCluster.Jobs;

public sealed class LocalJobTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("orleansedge-test-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Default_job_asks_all_devices_and_needs_all()
    {
        var job = LocalJob.Load(new ClusterOptions { Devices = 3, Seed = 9 });

        Assert.Equal((3, 3, 9UL), (job.Definition.Participants.PerRound, job.Definition.Participants.Minimum, job.Definition.Seed));
        Assert.Null(job.Definition.Quorum);
        Assert.Equal((TimeSpan.FromMinutes(5), MissedQuorum.Extend, 5),
            (job.Definition.Deadline, job.Definition.OnMissedQuorum, job.Definition.Rounds));
    }

    [Fact]
    public void Rounds_of_the_user_replace_those_of_the_file()
    {
        var path = Write("job: a\nmodel: logistic\ndata: turbines\nrounds: 4\nparticipants: {perRound: 1}\n");

        var job = LocalJob.Load(new ClusterOptions { JobFile = path, Rounds = 2 });

        Assert.Equal(2, JobFile.Parse(job.Text, "x", new StrategyDeclarations()).Rounds);
        Assert.Equal("turbines", job.Definition.Data.Value);
    }

    [Fact]
    public void File_is_submitted_as_it_is_where_nothing_changes()
    {
        var text = "# mine\njob: a\nmodel: logistic\ndata: turbines\nrounds: 4\n";

        Assert.Equal(text, LocalJob.Load(new ClusterOptions { JobFile = Write(text) }).Text);
    }

    [Fact]
    public void Torchscript_is_found_beside_the_file()
    {
        var path = Write("job: a\nmodel: nets/lenet.pt\ndata: digits\nrounds: 1\n");
        Directory.CreateDirectory(Path.Combine(folder, "nets"));
        var module = Path.Combine(folder, "nets", "lenet.pt");
        File.WriteAllText(module, "");

        var job = LocalJob.Load(new ClusterOptions { JobFile = path });

        Assert.Equal(module, job.TorchScript);
        Assert.Contains("nets/lenet.pt", job.Text, StringComparison.Ordinal);
        Assert.Contains(module, job.FileText, StringComparison.Ordinal);
    }

    [Fact]
    public void Torchscript_that_is_missing_is_named()
    {
        var path = Write("job: a\nmodel: lenet.pt\ndata: digits\nrounds: 1\n");

        var message = Assert.Throws<FormatException>(() => LocalJob.Load(new ClusterOptions { JobFile = path })).Message;

        Assert.Contains(Path.Combine(folder, "lenet.pt"), message, StringComparison.Ordinal);
    }

    [Fact]
    public void Faults_of_the_file_are_reported_with_its_name_and_line()
    {
        var path = Write("job: a\nmodel: logistic\ndata: digits\nrounds: none\n");

        Assert.StartsWith($"{path}:4: ", Assert.Throws<FormatException>(() => LocalJob.Load(new ClusterOptions { JobFile = path })).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_file_is_named()
    {
        var path = Path.Combine(folder, "nowhere.yaml");

        Assert.StartsWith($"The job file {path} cannot be read",
            Assert.Throws<FormatException>(() => LocalJob.Load(new ClusterOptions { JobFile = path })).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Kill_after_the_last_round_is_refused()
    {
        Assert.Throws<FormatException>(() => LocalJob.Load(new ClusterOptions { Rounds = 2, Faults = FaultPlan.Parse("kill silo@3") }));
    }

    private string Write(string text)
    {
        var path = Path.Combine(folder, "mine.yaml");
        File.WriteAllText(path, text);
        return path;
    }
}
