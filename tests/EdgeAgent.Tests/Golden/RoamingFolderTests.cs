using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Security;
using OrleansEdge.Contracts.Tests.Security;
using OrleansEdge.EdgeAgent.Commands;
using OrleansEdge.EdgeAgent.Participation.Roaming;
using OrleansEdge.EdgeAgent.Tests.Security;
using OrleansEdge.Participation.Security;
using OrleansEdge.Participation.Updates;
using OrleansEdge.Tests.Shared.Golden;

namespace OrleansEdge.EdgeAgent.Tests.Golden;

/// <summary>The folder of a device of an earlier release that has enrolled at two sites, and has offered an update to one, is a newer agent's too.</summary>
public sealed class RoamingFolderTests : IDisposable
{
    private const string Name = "roaming";
    private static readonly DateTimeOffset Then = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly string _folder = Directory.CreateTempSubdirectory("orleansedge-golden-").FullName;

    public RoamingFolderTests() => GoldenFolder.Copy(Name, _folder, Write);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Certificates_of_an_earlier_release_are_shown_to_the_sites_that_gave_them()
    {
        Assert.Equal("harbour/dev7", NameShownFrom(_folder));
        Assert.Equal("quarry/dev7", NameShownFrom(KnownSite.Parse("https://192.0.2.8:7400,https://192.0.2.9:7400", _folder).Folder));
    }

    [Fact]
    public void What_an_earlier_release_has_offered_is_offered_to_no_other_site()
    {
        var offers = new OfferedUpdates(_folder);

        Assert.Equal("harbour", offers.FindOther(JobId.Parse("digits"), ContentHash.Of([1]), "quarry"));
        Assert.Equal("quarry", offers.FindOther(JobId.Parse("digits"), ContentHash.Of([2]), "harbour"));
        Assert.Null(offers.FindOther(JobId.Parse("digits"), ContentHash.Of([1]), "harbour"));
    }

    [Fact]
    public void Everything_that_an_agent_keeps_as_JSON_is_in_a_golden_folder() => new JsonUses(
        [typeof(OfferedUpdates).Assembly, typeof(JoinCommand).Assembly], (typeof(JsonSerializer), nameof(JsonSerializer.Serialize)))
        .RequireGoldenFiles(
            [typeof(OfferedUpdates).GetNestedType("Offer", System.Reflection.BindingFlags.NonPublic)!, typeof(UpdateHeader)],
            nameof(RoamingFolderTests),
            passing: ["DoctorRun.Run", "DataDescriptionView.Write", "EvaluateCommand.Print"]);

    /// <summary>Whom a site sees, at the time at which the certificate was in force.</summary>
    private static string? NameShownFrom(string folder)
    {
        var shown = DeviceCredentials.Open(folder, ParticipantId.Parse("dev7"), new FakeTimeProvider(Then))!.Current;
        return shown.Judge(shown.Own.TargetCertificate, null, CertificatePurpose.Client, Then).Peer?.Identity.Name.Value;
    }

    private static void Write(string folder)
    {
        foreach (var (site, own) in new[] { ("harbour", folder), ("quarry", Path.Combine(folder, "sites", "192.0.2.8-7400")) })
        {
            using var authority = new TestAuthority(site, Then);
            Directory.CreateDirectory(own);
            EnrolledDevice.Enrol(own, authority, new FakeTimeProvider(Then));
        }

        var offers = new OfferedUpdates(folder);
        offers.Add(JobId.Parse("digits"), ContentHash.Of([1]), "harbour");
        offers.Add(JobId.Parse("digits"), ContentHash.Of([2]), "quarry");
    }
}
