using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Participation.Connection;

namespace OrleansEdge.EdgeAgent.Tests.Connection;

public sealed class EntryChoiceTests
{
    private static readonly int[] Silos = [7, -3, 1 << 30];
    private static readonly ContentHash[] Contents = [.. Enumerable.Range(0, 300).Select(number => ContentHash.Of(BitConverter.GetBytes(number)))];

    [Fact]
    public void All_participants_choose_alike() =>
        Assert.All(Contents, content => Assert.Equal(EntryChoice.Choose(content, Silos), EntryChoice.Choose(content, Silos.Reverse())));

    [Fact]
    public void Each_silo_gets_its_share() =>
        Assert.All(Silos, silo => Assert.InRange(Contents.Count(content => EntryChoice.Choose(content, Silos) == silo), 70, 130));

    [Fact]
    public void Where_a_silo_goes_only_its_own_share_moves() => Assert.All(
        Contents.Where(content => EntryChoice.Choose(content, Silos) != Silos[0]),
        content => Assert.Equal(EntryChoice.Choose(content, Silos), EntryChoice.Choose(content, Silos[1..])));
}
