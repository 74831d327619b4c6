using OrleansEdge.EndToEnd.Tests.Telemetry;

namespace OrleansEdge.EndToEnd.Tests.Sites;

/// <summary>A site whose parent is not what it should be, all as real processes: the operator reads why, and the site serves its devices.</summary>
[Trait("Category", "EndToEnd")]
public sealed class ParentTroubleTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);
    private static readonly Dictionary<string, string> Nothing = [];

    private readonly CancellationTokenSource _cancellation = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

    public ParentTroubleTests() => _cancellation.CancelAfter(Limit);

    private CancellationToken Cancellation => _cancellation.Token;

    public void Dispose() => _cancellation.Dispose();

    [Fact]
    public async Task Parent_that_is_another_program_is_told_and_devices_take_part_all_the_same()
    {
        using var harbour = new TestSite();
        await using var other = new OddParent(new($"http://127.0.0.1:{Ports.Take()}/"), TimeSpan.Zero) { Instead = "<html>Welcome to nginx!</html>" };
        await using var silo = await harbour.StartSilo(Nothing, Cancellation, "--parent", other.Address.ToString());
        await using var agent = harbour.StartAgent(Nothing);
        await harbour.SubmitJob(Cancellation);

        await silo.WaitForLine("is not a site: it answers something else than a description of itself", Cancellation);
        await harbour.Completed("traced", Cancellation);

        Assert.Contains("is not a site", await harbour.Trouble(Cancellation), StringComparison.Ordinal);
        Assert.Equal(0, await agent.Stop(Cancellation));
        Assert.Equal(0, await silo.Stop(Cancellation));
    }

    [Fact]
    public async Task Sites_that_are_each_others_parents_are_told_that_they_go_round_in_a_circle()
    {
        using var harbour = new TestSite();
        using var quarry = new TestSite("quarry");
        await using var first = await harbour.StartSilo(Nothing, Cancellation, "--parent", quarry.Address.ToString());
        await using var second = await quarry.StartSilo(Nothing, Cancellation, "--parent", harbour.Address.ToString());

        var told = await Task.WhenAny(first.WaitForLine("go round in a circle", Cancellation), second.WaitForLine("go round in a circle", Cancellation));
        await told;

        Assert.Matches("'(harbour|quarry)' is below '(harbour|quarry)'.*start one of them without --parent", $"{first.Output}\n{second.Output}");
        Assert.Equal(0, await first.Stop(Cancellation));
        Assert.Equal(0, await second.Stop(Cancellation));
    }

    [Fact]
    public async Task Second_site_of_one_name_is_told_and_the_first_keeps_its_place()
    {
        using var cloud = new TestSite("cloud");
        using var harbour = new TestSite();
        using var impostor = new TestSite();
        await using var above = await cloud.StartSilo(Nothing, Cancellation);
        await using var first = await harbour.StartSilo(Nothing, Cancellation, "--parent", cloud.Address.ToString());
        await first.WaitForLine("'harbour' takes part at site 'cloud'", Cancellation);
        await using var second = await impostor.StartSilo(Nothing, Cancellation, "--parent", cloud.Address.ToString());

        await second.WaitForLine("the parent has another site named 'harbour'", Cancellation);

        Assert.Contains("give each site a --name of its own", await impostor.Trouble(Cancellation), StringComparison.Ordinal);
        Assert.Null(await harbour.Trouble(Cancellation));
        Assert.Equal(0, await second.Stop(Cancellation));
        Assert.Equal(0, await first.Stop(Cancellation));
        Assert.Equal(0, await above.Stop(Cancellation));
    }

    [Fact]
    public async Task Clocks_that_are_an_hour_apart_are_told_and_rounds_go_on()
    {
        using var cloud = new TestSite("cloud", tiers: "tiers: [{}]");
        using var harbour = new TestSite();
        await using var above = await cloud.StartSilo(Nothing, Cancellation);
        await using var clock = new OddParent(cloud.Address, TimeSpan.FromHours(1));
        await using var below = await harbour.StartSilo(Nothing, Cancellation, "--parent", clock.Address.ToString());
        await using var agent = harbour.StartAgent(Nothing);
        await cloud.SubmitJob(Cancellation);

        await below.WaitForLine("the parent's clock is 60 minutes ahead of this machine's", Cancellation);
        await cloud.Completed("traced", Cancellation);

        Assert.Contains("set both by a time server", await harbour.Trouble(Cancellation), StringComparison.Ordinal);
        Assert.Equal(0, await agent.Stop(Cancellation));
        Assert.Equal(0, await below.Stop(Cancellation));
        Assert.Equal(0, await above.Stop(Cancellation));
    }

    [Fact]
    public async Task Parent_that_comes_back_with_an_empty_store_gets_no_old_job_and_the_site_keeps_its_versions()
    {
        using var cloud = new TestSite("cloud", tiers: "tiers: [{}]");
        using var harbour = new TestSite();
        await using var below = await harbour.StartSilo(Nothing, Cancellation, "--parent", cloud.Address.ToString());
        await using var agent = harbour.StartAgent(Nothing);
        await using (var above = await cloud.StartSilo(cloud.Killed("silo@2:collecting"), Cancellation))
        {
            await cloud.SubmitJob(Cancellation);
            await above.WaitForExit(Cancellation);
        }

        Directory.Delete(cloud.Store, recursive: true);
        await using var again = await cloud.StartSilo(Nothing, Cancellation);
        await below.WaitForLine("has ended job traced, or does not know it", Cancellation);
        await cloud.SubmitJob(Cancellation);
        await using var failed = await cloud.Operate(Cancellation, "jobs", "watch", "traced");
        await cloud.SubmitJob(Cancellation, "anew");
        await cloud.Completed("anew", Cancellation);

        Assert.NotEqual(0, failed.ExitCode);
        Assert.Contains("choose another id", failed.Output, StringComparison.Ordinal);
        await using var versions = await harbour.Operate(Cancellation, "models", "show", "traced");
        Assert.True(versions.ExitCode == 0, versions.Output);
        Assert.Equal(0, await agent.Stop(Cancellation));
        Assert.Equal(0, await below.Stop(Cancellation));
        Assert.Equal(0, await again.Stop(Cancellation));
    }

    [Fact]
    public async Task Site_that_starts_while_its_parent_is_away_serves_its_versions()
    {
        using var cloud = new TestSite("cloud", tiers: "tiers: [{}]");
        using var harbour = new TestSite();
        await using (var above = await cloud.StartSilo(Nothing, Cancellation))
        await using (var below = await harbour.StartSilo(Nothing, Cancellation, "--parent", cloud.Address.ToString()))
        await using (var agent = harbour.StartAgent(Nothing))
        {
            await cloud.SubmitJob(Cancellation);
            await cloud.Completed("traced", Cancellation);
        }

        await using var again = await harbour.StartSilo(Nothing, Cancellation, "--parent", cloud.Address.ToString());
        await using var versions = await harbour.Operate(Cancellation, "models", "show", "traced");

        Assert.True(versions.ExitCode == 0, versions.Output);
        Assert.NotNull(await harbour.Trouble(Cancellation));
        Assert.Equal(0, await again.Stop(Cancellation));
    }
}
