using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansEdge.Contracts.Identity;
using OrleansEdge.Contracts.Security.Enrolment;
using OrleansEdge.Contracts.Security.Files;
using OrleansEdge.Grains.Audit;
using OrleansEdge.Grains.Identity;
using OrleansEdge.Silo.Identity;
using OrleansEdge.Silo.Tests.Commands;
using OrleansEdge.Silo.Tests.Hosting;

namespace OrleansEdge.Silo.Tests.Golden;

/// <summary>What an earlier release has written that is neither JSON nor a message is read as it was meant.</summary>
public sealed class TextTests
{
    private const string Fingerprint = "0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20";
    private const string Id = "a0a1a2a3a4a5a6a7a8a9aaabacadaeaf";
    private const string Secret = "b0b1b2b3b4b5b6b7b8b9babbbcbdbebf";

    [Theory]
    [InlineData("oe1.cloud/harbour.AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyCgoaKjpKWmp6ipqqusra6vsLGys7S1tre4ubq7vL2-v02GCRU", null)]
    [InlineData("oe1.cloud/harbour.quarry.AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyCgoaKjpKWmp6ipqqusra6vsLGys7S1tre4ubq7vL2-v5nEhqk", "quarry")]
    public void Invitation_that_was_printed_says_the_same(string text, string? invited)
    {
        var code = InvitationCode.Parse(text);

        Assert.Equal(
            ("cloud/harbour", invited, Fingerprint, Id, Secret), (code.Site.Value, code.InvitedSite?.Value, code.Authority.Hex, code.Id, code.Secret));
    }

    [Fact]
    public void End_of_the_audit_log_is_recalled()
    {
        var options = TestOptions.Of("golden", Path.GetTempPath());
        Directory.CreateDirectory(OperatorCredential.Folder);
        File.WriteAllText(Path.Combine(OperatorCredential.Folder, $"audit-{options.Name}.head"), $"12 {Fingerprint}\n");

        Assert.Equal(new AuditHead(12, Fingerprint), new AuditAnchorFile(options, NullLogger<AuditAnchorFile>.Instance).Recall());
    }

    [Fact]
    public void Addresses_of_the_site_above_are_those_that_it_told()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(Path.Combine(folder.Path, "parent"));
        File.WriteAllText(Path.Combine(folder.Path, "parent", "addresses"), "https://192.0.2.7:7400\nhttps://cloud.example:7400\n");

        Assert.Equal([new("https://192.0.2.7:7400"), new("https://cloud.example:7400")], new EnrolledSite(new(folder.Path)).ReadAddresses());
    }

    [Fact]
    public void Key_of_a_silo_verifies_what_it_has_signed()
    {
        const string Key = "0aa9f7c396941739410d85ad2e0c61ef";
        var key = SigningKey.Import(Key, Convert.FromBase64String(
            "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE3zD982G7I7fG578kWSvNHb20hydFZWfumi1xHUuYeE2/4wrRjtz/GnVokZ/eYkveTdI4pK6V4rsmmTPce32UgA=="));

        Assert.True(key!.ECDsa.VerifyData(
            "golden"u8.ToArray(), Convert.FromBase64String("UfJAuQNn4HtkmMEQ/JRofrZKHxOPUyZ6gFdxU/s7oW3Nfojr9fng6qY007S11WdcG7OyTrEImSmaN8MsezrlDg=="),
            HashAlgorithmName.SHA256));
    }
}
