using OrleansEdge.Contracts.Faults;

namespace OrleansEdge.Contracts.Tests.Faults;

public sealed class KillSwitchTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("orleansedge-kills-").FullName;

    [Fact]
    public void Each_kill_takes_one_of_the_processes_that_are_armed_with_it()
    {
        var deaths = new List<string>();
        var (first, second) = (Arm("first"), Arm("second"));

        second.Reach("closing", 2);
        first.Reach("closing", 3);
        first.Reach("closing", 3);
        second.Reach("closing", 3);
        second.Reach("folded", 4);
        first.Reach("folded", 4);

        Assert.Equal(["first", "second"], deaths);

        KillSwitch Arm(string name) => new([("closing", 3), ("folded", 4)], new KillClaims(_folder), () => deaths.Add(name));
    }

    [Fact]
    public void A_claim_tells_who_has_died()
    {
        var claims = new KillClaims(_folder);
        Assert.Null(claims.ClaimedBy("closing", 3));

        Assert.True(claims.TryClaim("closing", 3, process: 17));
        Assert.False(claims.TryClaim("closing", 3, process: 18));

        Assert.Equal(17, claims.ClaimedBy("closing", 3));
        Assert.Null(claims.ClaimedBy("closing", 4));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
