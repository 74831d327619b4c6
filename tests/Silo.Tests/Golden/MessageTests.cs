using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansEdge.Contracts.Identity;
using OrleansEdge.Contracts.Security.Enrolment;
using OrleansEdge.Contracts.Sites;
using OrleansEdge.Participation.Connection;
using OrleansEdge.Silo.Web;
using OrleansEdge.Tests.Shared.Golden;

namespace OrleansEdge.Silo.Tests.Golden;

/// <summary>What participants and sites of an earlier release say to each other over HTTP is understood as it was meant.</summary>
public sealed class MessageTests
{
    /// <summary>The messages, each as its sender writes it.</summary>
    private static readonly Dictionary<string, (Type Type, JsonSerializerOptions Sender)> Messages = new()
    {
        ["SiteDescription"] = (typeof(SiteDescription), JsonSerializerOptions.Web),
        ["TokenRequest"] = (typeof(TokenRequest), JsonSerializerOptions.Web),
        ["TokenReply"] = (typeof(TokenReply), SiteJson.Options),
        ["TokenRefusal"] = (typeof(TokenRefusal), SiteJson.Options),
        ["EnrolmentRequest"] = (typeof(EnrolmentRequest), EnrolmentJson.Options),
        ["RenewalRequest"] = (typeof(RenewalRequest), EnrolmentJson.Options),
        ["EnrolmentAnswer"] = (typeof(EnrolmentAnswer), EnrolmentJson.Options),
        ["EnrolmentError"] = (typeof(EnrolmentError), EnrolmentJson.Options),
    };

    public static TheoryData<string> Names => [.. Messages.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Message_of_an_earlier_release_means_what_it_meant(string name)
    {
        var (type, sender) = Messages[name];
        var golden = GoldenFile.Read($"http/{name}", () =>
        {
            var sample = type == typeof(SiteDescription) ? Description() : new GoldenSamples().Make(type);
            return new(JsonSerializer.SerializeToNode(sample, type, sender)!, GoldenValues.Of(sample));
        });

        Assert.Empty(GoldenValues.Differences(golden.Values, GoldenValues.Of(Read(type, golden.Written))));
    }

    [Fact]
    public void Every_message_between_participants_and_sites_has_a_golden_file()
    {
        var uses = new JsonUses(
            [typeof(SiteAnswer).Assembly],
            (typeof(JsonContent), nameof(JsonContent.Create)),
            (typeof(HttpClientJsonExtensions), nameof(HttpClientJsonExtensions.PostAsJsonAsync)),
            (typeof(HttpContentJsonExtensions), nameof(HttpContentJsonExtensions.ReadFromJsonAsync)),
            (typeof(JsonSerializer), nameof(JsonSerializer.Deserialize)));

        // What a participant keeps in its own folder is in the golden files of agents.
        uses.RequireGoldenFiles(
            [.. Messages.Values.Select(message => message.Type)], $"{nameof(MessageTests)}.{nameof(Messages)}", passing: ["OfferedUpdates.Read", "Outbox.Read"]);
    }

    /// <summary>As its receiver does.</summary>
    private static object? Read(Type type, JsonNode written) =>
        type == typeof(SiteDescription) ? SiteAnswer.Read(Encoding.UTF8.GetBytes(written.ToJsonString())) : written.Deserialize(type, JsonSerializerOptions.Web);

    /// <summary>Whoever reads it takes nothing for a gateway but an address with a port.</summary>
    private static SiteDescription Description() => new("harbour", "harbour-1", "orleansedge", ["192.0.2.8:7402", "192.0.2.9:7402"], SiteDescription.CurrentContractVersion)
    {
        Addresses = ["https://192.0.2.8:7400/", "https://192.0.2.9:7400/"],
        Protection = "certificates",
        Authority = new('a', 64),
        Ancestors = ["quarry", "cloud"],
        IsFull = true,
    };
}
