using OrleansEdge.Contracts.Faults;
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
    [InlineData("--bogus", "1", "Unrecognized command or argument '--bogus': see --help.")]
    public void Options_that_cannot_be_used_are_refused_in_a_sentence(string name, string value, string sentence)
    {
        Assert.Equal(sentence, Assert.Throws<FormatException>(() => ClusterCommand.Read([name, value])).Message);
    }
}
