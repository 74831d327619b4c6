using System.Security.Cryptography;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Security;
using OrleansEdge.Contracts.Security.Enrolment;

namespace OrleansEdge.Contracts.Tests.Security.Enrolment;

public sealed class InvitationCodeTests
{
    private static readonly Thumbprint Authority = Thumbprint.Parse(Convert.ToHexStringLower(SHA256.HashData([1])));

    private static InvitationCode Code(string site = "harbour") => InvitationCode.Create(
        ParticipantId.Parse(site), Authority, [.. Enumerable.Range(0, 16).Select(value => (byte)value)], [.. Enumerable.Range(100, 16).Select(value => (byte)value)]);

    [Theory]
    [InlineData("harbour")]
    [InlineData("cloud/harbour")]
    public void Code_says_what_it_was_made_of(string site)
    {
        var read = InvitationCode.Parse($"  {Code(site).ToText()}\n");
        Assert.Equal((site, Authority), (read.Site.Value, read.Authority));
        Assert.Equal(("000102030405060708090a0b0c0d0e0f", "6465666768696a6b6c6d6e6f70717273"), (read.Id, read.Secret));
        Assert.Equal(Code(site), read);
    }

    [Fact]
    public void Code_for_a_site_names_it_and_is_no_code_for_a_device()
    {
        var code = InvitationCode.Create(ParticipantId.Parse("cloud"), Authority, new byte[16], new byte[16], ParticipantId.Parse("harbour"));
        var read = InvitationCode.Parse(code.ToText());
        Assert.Equal(("cloud", "harbour"), (read.Site.Value, read.InvitedSite?.Value));
        Assert.Equal(code, read);
        Assert.Null(InvitationCode.Parse(Code("cloud").ToText()).InvitedSite);
        Assert.Throws<FormatException>(() => InvitationCode.Parse(code.ToText().Replace("harbour", "quay", StringComparison.Ordinal)));
        Assert.Throws<FormatException>(() => InvitationCode.Parse(code.ToText().Replace(".harbour", "", StringComparison.Ordinal)));
    }

    [Fact]
    public void Secret_is_in_no_text_but_the_code() => Assert.DoesNotContain(Code().Secret, Code().ToString(), StringComparison.Ordinal);

    [Fact]
    public void Any_slip_of_one_character_is_noticed()
    {
        var text = Code().ToText();
        for (var index = 0; index < text.Length; index++)
        {
            var slip = text.ToCharArray();
            slip[index] = slip[index] == 'q' ? 'r' : 'q';
            Assert.Contains("copy the whole code", Assert.Throws<FormatException>(() => InvitationCode.Parse(new string(slip))).Message, StringComparison.Ordinal);
            Assert.Contains("copy the whole code", Assert.Throws<FormatException>(() => InvitationCode.Parse(text.Remove(index, 1))).Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("oe1.harbour.")]
    [InlineData("oe1.Harbour.AAAA")]
    [InlineData("oe2.harbour.AAAA")]
    [InlineData("oe1.harbour.AAAA.AAAA")]
    [InlineData("oe1.harbour.!!!!")]
    public void What_is_no_code_is_refused(string? text) => Assert.Throws<FormatException>(() => InvitationCode.Parse(text));
}
