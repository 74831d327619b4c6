using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Identity;
using OrleansEdge.Contracts.Security;
using OrleansEdge.Grains.Identity;
using OrleansEdge.Grains.Storage;
using OrleansEdge.Grains.Tests.Retention;

namespace OrleansEdge.Grains.Tests.Identity;

public sealed class AccessTokenTests
{
    private static readonly SiteName Site = SiteName.Parse("harbour");
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly Caller Device = new(Callers.Participant, "harbour/dev7", Thumbprint.Parse(new('a', 64)), Now.AddMinutes(10));

    [Theory]
    [InlineData(Callers.Participant, "harbour/dev7", true)]
    [InlineData(Callers.Operator, "ada", true)]
    [InlineData(Callers.Site, "harbour", false)]
    public async Task A_token_says_what_was_signed(Callers role, string subject, bool isBound)
    {
        var key = SigningKey.Create();
        var caller = Device with { Role = role, Subject = subject, Thumbprint = isBound ? Device.Thumbprint : null };
        var token = AccessToken.Sign(caller, Site, key);

        Assert.Equal(key.KeyId, AccessToken.KeyIdOf(token));
        Assert.Equal(caller, await AccessToken.Verify(token, Site, SigningKey.Import(key.KeyId, SigningKey.Export(key))!, Now));
        Assert.True(token.Length < 400, $"{token.Length} characters go with every call");
    }

    [Fact]
    public async Task A_token_ends_when_it_says()
    {
        var key = SigningKey.Create();
        var token = AccessToken.Sign(Device, Site, key);

        Assert.NotNull(await AccessToken.Verify(token, Site, key, Device.ExpiresAt.AddSeconds(-1)));
        Assert.Null(await AccessToken.Verify(token, Site, key, Device.ExpiresAt));
    }

    [Fact]
    public async Task A_token_of_another_site_or_key_is_none()
    {
        var key = SigningKey.Create();
        var token = AccessToken.Sign(Device, Site, key);

        Assert.Null(await AccessToken.Verify(token, SiteName.Parse("quay"), key, Now));
        Assert.Null(await AccessToken.Verify(token, Site, SigningKey.Create(), Now));
    }

    [Fact]
    public async Task No_character_of_a_token_can_be_changed_and_none_be_left_out()
    {
        var key = SigningKey.Create();
        var token = AccessToken.Sign(Device, Site, key);
        for (var index = 0; index < token.Length; index++)
        {
            var changed = new StringBuilder(token) { [index] = token[index] == 'A' ? 'B' : 'A' }.ToString();

            // The last character of a part has bits that stand for nothing: then it says the same.
            if (await AccessToken.Verify(changed, Site, key, Now) is { } caller)
            {
                Assert.Equal(Device, caller);
                Assert.True(index + 1 == token.Length || token[index + 1] == '.', $"character {index} was changed");
            }

            Assert.Null(await AccessToken.Verify(token[..index], Site, key, Now));
            Assert.Null(await AccessToken.Verify(token.Remove(index, 1), Site, key, Now));
        }
    }

    [Fact]
    public async Task A_token_without_a_signature_or_with_another_kind_of_it_is_none()
    {
        var key = SigningKey.Create();
        var parts = AccessToken.Sign(Device, Site, key).Split('.');
        foreach (var algorithm in (string[])["none", "HS256", "RS256", "es256"])
        {
            var header = Convert.ToBase64String(Encoding.UTF8.GetBytes($$"""{"alg":"{{algorithm}}","kid":"{{key.KeyId}}","typ":"JWT"}""")).TrimEnd('=').Replace('+', '-').Replace('/', '_');
            Assert.Null(await AccessToken.Verify($"{header}.{parts[1]}.{parts[2]}", Site, key, Now));
            Assert.Null(await AccessToken.Verify($"{header}.{parts[1]}.", Site, key, Now));
        }
    }

    [Fact]
    public async Task Random_text_is_no_token_and_no_exception()
    {
        var key = SigningKey.Create();
        var random = new Random(7);
        var token = AccessToken.Sign(Device, Site, key);
        for (var index = 0; index < 2000; index++)
        {
            var text = index % 2 == 0
                ? new string([.. Enumerable.Range(0, random.Next(600)).Select(_ => (char)random.Next(1, 0xD000))])
                : new string([.. token.Select(character => random.Next(40) == 0 ? (char)random.Next(32, 127) : character)]);
            if (text != token)
            {
                Assert.Null(await AccessToken.Verify(text, Site, key, Now));
            }
        }

        Assert.Null(await AccessToken.Verify(new string('a', 1 << 20), Site, key, Now));
    }

    [Fact]
    public async Task Tokens_are_remembered_up_to_a_bound_and_until_they_end()
    {
        var time = new FakeTimeProvider(Now);
        using var keys = new SiteKeys(new MemoryBlobStore(), time, NullLogger<SiteKeys>.Instance);
        var tokens = new AccessTokens(keys, Options.Create(new IdentityOptions { Site = Site, RememberedTokens = 10 }), time);
        for (var index = 0; index < 100; index++)
        {
            Assert.NotNull(await tokens.Find(tokens.Issue(Callers.Participant, $"dev{index}").Token));
            Assert.InRange(tokens.Remembered, 1, 10);
        }

        var token = tokens.Issue(Callers.Participant, "dev").Token;
        Assert.NotNull(await tokens.Find(token));
        time.Advance(TimeSpan.FromMinutes(10));
        Assert.Null(await tokens.Find(token));
        Assert.Null(await tokens.Find(token));
        Assert.NotNull(await tokens.Find(tokens.Own));
    }

    [Fact]
    public async Task Silos_of_a_site_understand_each_other_and_no_one_elses_key_is_believed()
    {
        var blobs = new MemoryBlobStore();
        var options = Options.Create(new IdentityOptions { Site = Site });
        using var first = new SiteKeys(blobs, TimeProvider.System, NullLogger<SiteKeys>.Instance);
        using var second = new SiteKeys(blobs, TimeProvider.System, NullLogger<SiteKeys>.Instance);
        using var stranger = new SiteKeys(new MemoryBlobStore(), TimeProvider.System, NullLogger<SiteKeys>.Instance);
        await blobs.Write(BlobName.Create("identity", $"keys/{first.Own.KeyId}"), SigningKey.Export(first.Own), cancellation: TestContext.Current.CancellationToken);
        await blobs.Write(BlobName.Create("identity", $"keys/{stranger.Own.KeyId}"), SigningKey.Export(second.Own), cancellation: TestContext.Current.CancellationToken);
        var tokens = new AccessTokens(second, options, TimeProvider.System);

        Assert.NotNull(await tokens.Find(new AccessTokens(first, options, TimeProvider.System).Own));
        Assert.Null(await tokens.Find(new AccessTokens(stranger, options, TimeProvider.System).Own));
    }
}
