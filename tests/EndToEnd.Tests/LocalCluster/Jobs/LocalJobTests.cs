using System.Collections.Immutable;
using OrleansEdge.Contracts.Faults;
using OrleansEdge.Contracts.Faults.Network;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Grains.Jobs;
using OrleansEdge.Grains.Jobs.Files;
using OrleansEdge.LocalCluster;
using OrleansEdge.LocalCluster.Hierarchy;
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

    [Fact]
    public void Default_job_of_several_sites_asks_all_of_them_and_at_each_all_of_its_devices()
    {
        var job = LocalJob.Load(new ClusterOptions { Devices = 4, Hierarchy = new() { Sites = 2, Tiers = 3 } }).Definition;

        Assert.Equal((2, 2, null), (job.Participants.PerRound, job.Participants.Minimum, job.Quorum));
        Assert.Equal((1, 1, 0), (job.Below!.Participants.PerRound, job.Below.Participants.Minimum, job.Below.Autonomy));
        Assert.Equal((4, 4, null), (job.Below.Below!.Participants.PerRound, job.Below.Below.Participants.Minimum, job.Below.Below.Quorum));
        Assert.Equal(JobStaleness.None, job.Staleness);
    }

    [Fact]
    public void Default_job_that_may_miss_a_site_waits_for_it_between_rounds_and_takes_what_it_brings()
    {
        var job = LocalJob.Load(new ClusterOptions { Devices = 4, Hierarchy = new() { Sites = 3, Quorum = 1 } }).Definition;

        Assert.Equal(((int?)1, 3, TimeSpan.FromSeconds(15)), (job.Quorum, job.Participants.Minimum, job.Deadline));
        Assert.Equal((4, 2), (job.Staleness.Maximum, job.Below!.Autonomy));
        Assert.Null(job.Below.Quorum);
    }

    [Theory]
    [InlineData(2, "tiers: [{rounds: 2}]", "kill silo@5", null)]
    [InlineData(2, "tiers: [{rounds: 2, autonomy: 1}]", "kill silo@12", null)]
    [InlineData(2, "tiers: [{rounds: 2}]", "kill silo@9", "the job has 8 rounds: name a round from 0 to 8.")]
    [InlineData(2, "", "kill silo@1", "the run has 1 tier of sites below the root, and 'tiers' has 0 of them: add an entry for each, the least is '- {}'.")]
    [InlineData(3, "tiers: [{}]", "kill silo@1", "the run has 2 tiers of sites below the root, and 'tiers' has 1 of them: add an entry for each, the least is '- {}'.")]
    public void Faults_at_a_site_lie_within_its_own_rounds(int tiers, string text, string fault, string? refusal)
    {
        var path = Write($"job: a\nmodel: logistic\ndata: digits\nrounds: 4\n{text}\n");
        var options = new ClusterOptions { JobFile = path, Hierarchy = new() { Tiers = tiers, Faults = Of(FaultPlan.Parse(fault)) } };

        var message = Record.Exception(() => LocalJob.Load(options))?.Message;

        Assert.True(refusal is null ? message is null : message?.EndsWith(refusal, StringComparison.Ordinal) is true, message);
    }

    [Fact]
    public void Cut_after_the_last_round_is_refused()
    {
        var hierarchy = new HierarchyOptions { Cuts = Of(new Partition(TimeSpan.FromSeconds(1), 6)) };

        Assert.Equal(
            "--cut has harbour in round 6, and cloud has 5 rounds: name a round from 1 to 5.",
            Assert.Throws<FormatException>(() => LocalJob.Load(new ClusterOptions { Hierarchy = hierarchy })).Message);
    }

    private static ImmutableSortedDictionary<SiteName, T> Of<T>(T value) => ImmutableSortedDictionary<SiteName, T>.Empty.Add(SiteName.Parse("harbour"), value);

    private string Write(string text)
    {
        var path = Path.Combine(folder, "mine.yaml");
        File.WriteAllText(path, text);
        return path;
    }
}
