using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.Tokens;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Identity;
using OrleansEdge.Contracts.Security;
using OrleansEdge.Grains.Identity;
using OrleansEdge.Silo.Identity;
using OrleansEdge.Silo.Web;

namespace OrleansEdge.Fuzz.Tests.Targets;

/// <summary>What callers and operators show, and how they ask for it.</summary>
internal static class Tokens
{
    private static readonly SiteName Site = SiteName.Parse("harbour");
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Caller Device = new(Callers.Participant, "dev7", Thumbprint.Parse(new('a', 64)), Now.AddHours(1));
    private static readonly Caller Operator = new(Callers.Operator, "ada", null, Now.AddHours(1));
    private static readonly ECDsaSecurityKey Key = SigningKey.Create();

    public static IEnumerable<FuzzTarget> All =>
    [
        Declared.OfText<FormatException>(
            "access token", typeof(AccessToken), ReadAccessToken, AccessToken.Sign(Device, Site, Key), AccessToken.Sign(Operator, Site, Key)),
        Declared.OfText<FormatException>("operator's token", typeof(OperatorToken), ReadOperatorToken, OperatorToken.Create(OperatorName.Parse("ada")).Token),
        new FuzzTarget(
            "request for a token", typeof(TokenEndpoint), input => ReadRequest(input).GetAwaiter().GetResult(), Declared.Only<ApiException>(),
            [
                JsonSerializer.SerializeToUtf8Bytes(new TokenRequest("harbour/dev7", new string('b', 64)), JsonSerializerOptions.Web),
                Encoding.UTF8.GetBytes("{}"),
            ]),
    ];

    /// <summary>Accepted is what says which key has signed it. That it holds is said of nothing but what was signed.</summary>
    private static void ReadAccessToken(string text)
    {
        _ = AccessToken.KeyIdOf(text) ?? throw new FormatException("It is no token.");
        var caller = AccessToken.Verify(text, Site, Key, Now).GetAwaiter().GetResult();
        PropertyException.Require(caller is null || caller == Device || caller == Operator, $"a token is believed that nobody has signed, of {caller}");
    }

    private static void ReadOperatorToken(string text)
    {
        var name = OperatorToken.NameOf(text) ?? throw new FormatException("It is no token.");
        PropertyException.Require(text.StartsWith($"oe.{name}.", StringComparison.Ordinal), $"'{text}' is said to be of '{name}'");
        _ = OperatorToken.HashOf(text);
    }

    private static async Task ReadRequest(ReadOnlyMemory<byte> input)
    {
        var request = await TokenEndpoint.Read(new DefaultHttpContext { Request = { Body = new MemoryStream(input.ToArray()) } }, CancellationToken.None);
        if (request.Participant is not null)
        {
            RouteText.Participant(request.Participant);
        }

        _ = InstanceKeyOf(request);
    }

    private static string? InstanceKeyOf(TokenRequest request) =>
        Grains.Participants.InstanceKey.IsOne(request.InstanceKey) ? Grains.Participants.InstanceKey.HashOf(request.InstanceKey!) : null;
}
