using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansEdge.Grains.Audit;
using OrleansEdge.Grains.Storage;
using OrleansEdge.Grains.Storage.Folder;
using OrleansEdge.Silo.Identity;
using OrleansEdge.Silo.Tests.Commands;
using OrleansEdge.Silo.Tests.Hosting;
using OrleansEdge.Silo.Web;

namespace OrleansEdge.Silo.Tests.Identity.Provider;

/// <summary>Operators who come with a token of an identity provider.</summary>
public sealed class IdentityProviderTests : IAsyncLifetime
{
    private const string Audience = "orleansedge";

    private readonly TemporaryFolder _folder = new();
    private TestIdentityProvider _provider = null!;
    private WebApplication _site = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _provider = await TestIdentityProvider.Start(Cancellation);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(
        [
            new("Identity:Authority", _provider.Address.AbsoluteUri), new("Identity:Audience", Audience), new("Identity:NameClaim", "email"),
        ]);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<IBlobStore>(_ => FolderBlobStore.Open(_folder.Path));
        builder.Services.AddSingleton(TestOptions.Of("test", _folder.Path));
        builder.Services.AddAudit();
        builder.AddOperatorAccess();
        _site = builder.Build();
        _site.UseAuthentication();
        _site.UseAuthorization();
        _site.MapGet("/see", (HttpContext context) => OperatorAccess.NameOf(context.User)).RequireOperator(OperatorRole.Viewer);
        _site.MapGet("/do", () => "done").RequireOperator(OperatorRole.Operator);
        _site.MapGet("/grant", () => "granted");
        await _site.StartAsync(Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _site.DisposeAsync();
        await _provider.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("viewer", HttpStatusCode.Forbidden, HttpStatusCode.Forbidden)]
    [InlineData("operator", HttpStatusCode.OK, HttpStatusCode.Forbidden)]
    [InlineData("admin", HttpStatusCode.OK, HttpStatusCode.OK)]
    public async Task Role_of_the_token_is_the_operators(string role, HttpStatusCode does, HttpStatusCode grants)
    {
        var token = _provider.Sign(Audience, [new("role", role), new("email", "ada@example.org")]);

        using var sees = await Ask("/see", token);
        Assert.Equal("ada@example.org of 127.0.0.1", await sees.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal(does, (await Ask("/do", token)).StatusCode);
        Assert.Equal(grants, (await Ask("/grant", token)).StatusCode);
    }

    [Fact]
    public async Task Highest_of_several_roles_counts_and_others_roles_do_not() =>
        Assert.Equal(HttpStatusCode.OK, (await Ask("/do", _provider.Sign(Audience, [new("role", "viewer"), new("role", "operator"), new("role", "root")]))).StatusCode);

    [Fact]
    public async Task Name_breaks_no_line_and_has_an_end()
    {
        using var answer = await Ask("/see", _provider.Sign(Audience, [new("role", "viewer"), new("email", $"local\n\u001b\u202e\u2028[2J{new string('x', 1000)}")]));

        Assert.Equal($"local[2J{new string('x', 128 - 8)} of 127.0.0.1", await answer.Content.ReadAsStringAsync(Cancellation));
    }

    [Fact]
    public Task Token_without_a_role_is_refused_with_what_it_needs() =>
        Refuse(_provider.Sign(Audience, [new("role", "janitor")]), "its claim 'role' has to hold viewer or operator or admin.");

    [Fact]
    public Task Token_for_somebody_else_is_refused() =>
        Refuse(_provider.Sign("accounting", [new("role", "admin")]), "was made for somebody else: get one there that is for 'orleansedge'.");

    [Fact]
    public Task Token_that_has_expired_is_refused() =>
        Refuse(_provider.Sign(Audience, [new("role", "admin")], TimeSpan.FromMinutes(-10)), "has expired: get a new one there.");

    [Fact]
    public async Task Token_that_another_has_signed_is_refused()
    {
        var key = TestIdentityProvider.NewKey();
        using (key.ECDsa)
        {
            await Refuse(_provider.Sign(Audience, [new("role", "admin")], key: key), "neither one of this site's own nor made by");
        }
    }

    [Theory]
    [InlineData("x")]
    [InlineData("a.b.c")]
    [InlineData("eyJhbGciOiJub25lIn0.eyJyb2xlIjoiYWRtaW4iLCJhdWQiOiJvcmxlYW5zZWRnZSJ9.")]
    public Task What_is_no_token_or_is_not_signed_is_refused(string token) => Refuse(token, "neither one of this site's own nor made by");

    [Fact]
    public async Task Provider_that_is_away_is_named()
    {
        var token = _provider.Sign(Audience, [new("role", "admin")]);
        await _provider.DisposeAsync();

        await Refuse(token, "does not answer this site, so that tokens cannot be checked: try again, or use a token of 'operators add'.");
    }

    [Theory]
    [InlineData("http://login.example.org", Audience, "write the https:// address of the identity provider.")]
    [InlineData("login.example.org", Audience, "write the https:// address of the identity provider.")]
    [InlineData("https://login.example.org", null, "Identity:Audience is missing")]
    public void Settings_that_are_not_safe_are_refused(string authority, string? audience, string sentence)
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection([new("Identity:Authority", authority), new("Identity:Audience", audience)]).Build();

        Assert.Contains(sentence, Assert.Throws<FormatException>(() => IdentityProviderOptions.Read(settings)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Provider_that_swallows_what_it_is_asked_is_waited_for_seconds_only()
    {
        var options = new JwtBearerOptions();
        new IdentityProviderOptions(new("https://login.example.org"), Audience, "role", "sub").Configure(options);

        Assert.Equal(TimeSpan.FromSeconds(5), options.BackchannelTimeout);
    }

    private async Task Refuse(string token, string sentence)
    {
        using var answer = await Ask("/see", token);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Contains(sentence, (await answer.Content.ReadFromJsonAsync<ErrorAnswer>(SiteJson.Options, Cancellation))!.Error, StringComparison.Ordinal);
    }

    private async Task<HttpResponseMessage> Ask(string path, string token)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(new(_site.Urls.Single()), path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await http.SendAsync(request, Cancellation);
    }
}
