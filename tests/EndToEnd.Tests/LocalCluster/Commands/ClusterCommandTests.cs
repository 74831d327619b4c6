using OrleansEdge.Contracts.Faults;
using OrleansEdge.Contracts.Faults.Network;
using OrleansEdge.LocalCluster;
using OrleansEdge.LocalCluster.Commands;

namespace OrleansEdge.EndToEnd.Tests.LocalCluster.Commands;

public sealed class ClusterCommandTests
{
    [Fact]
    public void Options_without_arguments_are_the_defaults()
    {
        Assert.Equal(new ClusterOptions(), ClusterCommand.Read([]));
    }

    [Fact]
    public void Options_with_all_arguments_are_read()
    {
        var options = ClusterCommand.Read(
            ["--devices", "3", "--data", "mnist:a b", "--split", "classes:2", "--job", "x.yaml", "--rounds", "7", "--work", "w", "--keep", "--json",
                "--kill", "silo@1", "--seed", "9"]);

        Assert.Equal((3, "mnist:a b", "classes:2", "x.yaml"), (options.Devices, options.Data, options.Split, options.JobFile));
        Assert.Equal(((int?)7, "w", true, true, 9UL), (options.Rounds, options.Work, options.Keep, options.Json, options.Seed));
        Assert.Equal([new PlannedFault(FaultAction.Kill, FaultTarget.Silo, 1, SiloPoints.Closing)], options.Faults.Faults);
    }

    [Theory]
    [InlineData("--devices", "0", "--devices is '0': give a whole number from 1 to 256.")]
    [InlineData("--devices", "many", "--devices is 'many': give a whole number from 1 to 256.")]
    [InlineData("--rounds", "-1", "--rounds is '-1': give a whole number from 1 to 100000.")]
    [InlineData("--seed", "1.5", "--seed is '1.5': give a whole number from 0 to 18446744073709551615.")]
    [InlineData("--data", " ", "--data is empty: give SPEC, or leave it out.")]
    [InlineData("--kill", "redis@1", "redis is to be disturbed, and a site of one silo has none: add --silos 2 or more.")]
    [InlineData("--silos", "3", "--silos is 3, and several silos need a store that they share: add --storage azurite.")]
    [InlineData("--bogus", "1", "Unrecognized command or argument '--bogus': see --help.")]
    public void Options_that_cannot_be_used_are_refused_in_a_sentence(string name, string value, string sentence)
    {
        Assert.Equal(sentence, Assert.Throws<FormatException>(() => ClusterCommand.Read([name, value])).Message);
    }

    [Fact]
    public void Options_of_several_sites_are_read()
    {
        var options = ClusterCommand.Read(
            ["--sites", "2", "--tiers", "3", "--quorum", "1", "--wan", "delay:50ms bandwidth:20mbit", "--cut", "harbour@2:30s,mill@3:500ms", "--insecure"]);

        var hierarchy = options.Hierarchy!;
        Assert.Equal((2, 3, (int?)1, NetworkFaults.Parse("delay:50ms bandwidth:20mbit")), (hierarchy.Sites, hierarchy.Tiers, hierarchy.Quorum, hierarchy.Wan));
        Assert.Equal(
            [("harbour", new Partition(TimeSpan.FromSeconds(30), 2)), ("mill", new Partition(TimeSpan.FromSeconds(0.5), 3))],
            hierarchy.Cuts.Select(cut => (cut.Key.Value, cut.Value)));
    }

    [Fact]
    public void Fault_is_done_at_the_site_that_is_named_and_otherwise_at_the_root()
    {
        var places = ClusterCommand.Read(
            ["--sites", "2", "--insecure", "--kill", "silo@1,cloud/silo@3:collecting,harbour/silo@2:publishing", "--freeze", "quarry/agent@1"]).Places;

        Assert.Equal(
            ["cloud: kill silo@1:closing, kill silo@3:collecting", "harbour: kill silo@2:publishing", "quarry: freeze agent@1:uploading"],
            places.Select(place => $"{place.Name}: {place.Faults}"));
    }

    [Theory]
    [InlineData("--tiers 3", "--tiers is about sites below a root: add --sites with their number.")]
    [InlineData("--cut harbour@2:30s", "--cut is about sites below a root: add --sites with their number.")]
    [InlineData("--sites 0", "--sites is '0': give a whole number from 1 to 16.")]
    [InlineData("--sites 2 --tiers 1", "--tiers is '1': give a whole number from 2 to 4.")]
    [InlineData("--sites 9 --tiers 3", "--sites is 9 and --tiers is 3, which makes 18 sites below the root: ask for at most 16.")]
    [InlineData("--sites 2 --quorum 3", "--quorum is '3': give a whole number from 1 to 2.")]
    [InlineData("--sites 1 --quorum 3", "--quorum is '3': give 1, or leave it out.")]
    [InlineData("--sites 2 --quorum 1 --job x.yaml", "--quorum is about the job that this program makes: write 'quorum: 1' into x.yaml and leave --quorum out.")]
    [InlineData("--sites 2 --wan partition:20s@3",
        "--wan is about all links, and a partition is about one: name the site with --cut, as in --cut harbour@2:30s.")]
    [InlineData("--sites 2 --wan delay:fast",
        "The network fault 'delay:fast' cannot be used: write a mean and, if you like, how far from it, as in delay:200ms or delay:200ms~50ms.")]
    [InlineData("--sites 2 --cut mill@2:30s", "--cut has 'mill@2:30s', and the sites that have a parent are harbour, quarry: name one of them.")]
    [InlineData("--sites 2 --cut cloud@2:30s", "--cut has 'cloud@2:30s', and the sites that have a parent are harbour, quarry: name one of them.")]
    [InlineData("--sites 2 --cut harbour@30s",
        "--cut has 'harbour@30s': write a site, the number of a round of its parent, and for how long, as in harbour@2:30s.")]
    [InlineData("--sites 2 --cut harbour:2@30s",
        "--cut has 'harbour:2@30s': write a site, the number of a round of its parent, and for how long, as in harbour@2:30s.")]
    [InlineData("--sites 2 --cut harbour@2:long",
        "--cut has 'harbour@2:long': write a site, the number of a round of its parent, and for how long, as in harbour@2:30s.")]
    [InlineData("--sites 2 --cut harbour@2:1s,harbour@3:1s", "--cut names harbour twice: keep one of them.")]
    [InlineData("--kill harbour/silo@2", "--kill has 'harbour/silo@2', and there is only one site: leave 'harbour/' out, or add --sites.")]
    [InlineData("--sites 2 --kill mill/silo@2", "--kill has 'mill/silo@2', and the sites are cloud, harbour, quarry: name one of them before the slash.")]
    [InlineData("--sites 2 --kill agent@2",
        "--kill has 'agent@2', and cloud has no devices of its own: name the site of the device, as in harbour/agent@2.")]
    [InlineData("--sites 2 --kill harbour/azurite@2", "azurite is to be disturbed, and the site keeps everything in a folder: add --storage azurite.")]
    public void Options_of_several_sites_that_cannot_be_used_are_refused_in_a_sentence(string arguments, string sentence)
    {
        // What is between two options is one argument, blanks included.
        var words = arguments.Split(" --").SelectMany(option => option.TrimStart('-').Split(' ', 2) is [var name, var value] ? new[] { $"--{name}", value } : []);

        Assert.Equal(sentence, Assert.Throws<FormatException>(() => ClusterCommand.Read([.. words, "--insecure"])).Message);
    }
}
