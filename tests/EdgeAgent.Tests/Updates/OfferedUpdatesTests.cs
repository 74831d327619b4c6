using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Participation.Updates;

namespace OrleansEdge.EdgeAgent.Tests.Updates;

public sealed class OfferedUpdatesTests : IDisposable
{
    private static readonly JobId Job = JobId.Parse("digits");
    private static readonly ContentHash Version = ContentHash.Of([1]);

    private readonly string _folder = Directory.CreateTempSubdirectory("orleansedge-offered-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_was_offered_to_a_site_is_known_at_another_also_to_the_next_process()
    {
        new OfferedUpdates(_folder).Add(Job, Version, "harbour");
        var offers = new OfferedUpdates(_folder);

        Assert.Equal("harbour", offers.FindOther(Job, Version, "quarry"));
        Assert.Null(offers.FindOther(Job, Version, "harbour"));
        Assert.Null(offers.FindOther(Job, ContentHash.Of([2]), "quarry"));
        Assert.Null(offers.FindOther(JobId.Parse("letters"), Version, "quarry"));
    }

    [Fact]
    public void What_a_site_refused_may_be_offered_to_another()
    {
        var offers = new OfferedUpdates(_folder);
        offers.Add(Job, Version, "harbour");
        offers.Remove(Job, Version, "harbour");

        Assert.Null(new OfferedUpdates(_folder).FindOther(Job, Version, "quarry"));
    }

    [Fact]
    public void Only_the_newest_are_remembered()
    {
        var offers = new OfferedUpdates(_folder);
        for (var number = 0; number <= OfferedUpdates.Maximum; number++)
        {
            offers.Add(Job, ContentHash.Of(BitConverter.GetBytes(number)), "harbour");
        }

        Assert.Null(offers.FindOther(Job, ContentHash.Of(BitConverter.GetBytes(0)), "quarry"));
        Assert.Equal("harbour", offers.FindOther(Job, ContentHash.Of(BitConverter.GetBytes(1)), "quarry"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[1]")]
    [InlineData("null")]
    [InlineData("[null]")]
    public void A_damaged_file_is_as_good_as_none(string text)
    {
        File.WriteAllText(Path.Combine(_folder, "offered.json"), text);

        Assert.Null(new OfferedUpdates(_folder).FindOther(Job, Version, "quarry"));
    }
}
