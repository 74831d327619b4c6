using OrleansEdge.Contracts.Identifiers;

namespace OrleansEdge.Contracts.Tests.Identifiers;

public sealed class PrintableTextTests
{
    [Theory]
    [InlineData("dev7 größer", "dev7 größer")]
    [InlineData("a\r\n\u001b[2Jb", "a\uFFFD\uFFFD\uFFFD[2Jb")]
    [InlineData("\u202egnp.exe\u2028", "\uFFFDgnp.exe\uFFFD")]
    [InlineData("12345678901234", "123456789012…")]
    [InlineData("", "")]
    public void Text_is_short_and_prints(string text, string clean) => Assert.Equal(clean, PrintableText.Clean(text, 12));

    [Fact]
    public void Identifier_that_is_none_is_not_repeated_as_it_was()
    {
        var message = Assert.Throws<FormatException>(() => ParticipantId.Parse($"\r\u001b[2J{new string('x', 50_000)}")).Message;

        Assert.InRange(message.Length, 1, 400);
        Assert.All(message, character => Assert.True(character == '\uFFFD' || PrintableText.IsPrintable(character)));
    }
}
