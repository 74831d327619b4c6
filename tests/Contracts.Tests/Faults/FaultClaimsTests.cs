using OrleansEdge.Contracts.Faults;

namespace OrleansEdge.Contracts.Tests.Faults;

public sealed class FaultClaimsTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("orleansedge-faults-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_fault_is_one_processs_however_many_reach_its_point()
    {
        var fault = PlannedFault.Parse("kill silo@3:closing");
        Assert.Null(new FaultClaims(folder).ClaimantOf(fault));

        var claims = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => new FaultClaims(folder).TryClaim(fault))));

        Assert.Single(claims, claimed => claimed);
        Assert.Equal(Environment.ProcessId, new FaultClaims(folder).ClaimantOf(fault));
        Assert.True(new FaultClaims(folder).TryClaim(PlannedFault.Parse("freeze silo@3:closing")));
    }

    [Fact]
    public async Task A_claimant_goes_on_when_the_fault_is_done()
    {
        var fault = PlannedFault.Parse("kill redis@3");
        var claims = new FaultClaims(folder);
        Assert.True(claims.TryClaim(fault));
        var waiting = Task.Run(() => claims.WaitUntilFinished(fault, TimeSpan.FromMinutes(5), TimeProvider.System), TestContext.Current.CancellationToken);
        Assert.False(waiting.IsCompleted);

        new FaultClaims(folder).Finish(fault);

        await waiting.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    [Fact]
    public void A_claimant_does_not_wait_for_ever() =>
        new FaultClaims(folder).WaitUntilFinished(PlannedFault.Parse("kill redis@3"), TimeSpan.FromMilliseconds(1), TimeProvider.System);

    [Fact]
    public void A_switch_fires_at_its_points_in_the_order_in_which_it_was_armed()
    {
        var fired = new List<string>();
        var armed = new FaultSwitch(
        [
            new(3, SiloPoints.Closing, () => fired.Add("first")),
            new(4, SiloPoints.Closing, () => fired.Add("other round")),
            new(3, SiloPoints.Folded, () => fired.Add("other point")),
            new(3, SiloPoints.Closing, () => fired.Add("second")),
        ]);

        armed.Reach(SiloPoints.Collected, 3);
        Assert.Empty(fired);
        armed.Reach(SiloPoints.Closing, 3);
        Assert.Equal(["first", "second"], fired);
    }
}
