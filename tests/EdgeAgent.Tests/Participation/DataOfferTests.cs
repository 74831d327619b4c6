using OrleansEdge.EdgeAgent.Participation;

namespace OrleansEdge.EdgeAgent.Tests.Participation;

public sealed class DataOfferTests
{
    [Theory]
    [InlineData("digits=generated", "digits")]
    [InlineData("turbines=csv:data.csv?label=power", "turbines")]
    [InlineData("a-1=csv:a=b.csv?label=x", "a-1")]
    public void A_name_ends_at_the_first_equals_sign(string text, string name) => Assert.Equal(name, DataOffer.Parse(text).Name.Value);

    [Theory]
    [InlineData("generated")]
    [InlineData("=generated")]
    [InlineData("")]
    [InlineData("Digits=generated")]
    [InlineData("../x=generated")]
    public void A_name_that_is_missing_or_outside_the_grammar_is_refused(string text) =>
        Assert.DoesNotContain('\n', Assert.Throws<FormatException>(() => DataOffer.Parse(text)).Message);
}
