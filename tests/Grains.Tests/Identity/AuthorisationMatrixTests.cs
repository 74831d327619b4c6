using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Identity;
using OrleansEdge.Contracts.Participants;
using OrleansEdge.Contracts.Security;
using OrleansEdge.Grains.Identity;
using OrleansEdge.Tests.Shared;

namespace OrleansEdge.Grains.Tests.Identity;

/// <summary>Every method as every caller, through a real gateway, against what is declared.</summary>
public sealed class AuthorisationMatrixTests
{
    private const string Other = "dev2";

    /// <summary>Fewer would mean that they are not found any more. How many there are depends on which of its assemblies are loaded.</summary>
    private const int MethodsOfOrleans = 100;

    /// <summary>What a client must be able to call.</summary>
    private static readonly HashSet<string> Needed = ["GetClusterManifest", "GetClusterManifestUpdate"];

    /// <summary>Where harm could be done, or a client could not connect: these at least must have been tried.</summary>
    private static readonly HashSet<string> Mentioned =
        ["IManagementGrain", "ISiloControl", "IMembershipService", "IGrainManagementExtension", "IClusterManifestSystemTarget", "IGrainCallCancellationExtension"];

    [Fact]
    public async Task Every_method_of_ours_is_for_those_that_it_declares_and_for_nobody_else()
    {
        await using var site = await GuardedSite.Start();
        var wrong = new List<string>();
        var cells = 0;
        foreach (var method in GrainMethods.OfProduct)
        {
            var grain = method.DeclaringType!;
            var key = GrainMethods.KeyFor(grain);
            var target = ((IAddressable)site.Cluster.Client.GetGrain(grain, key)).GetGrainId();
            var arguments = GrainMethods.ArgumentsFor(method);
            var self = SelfOf(Declared(method)!, key, arguments);
            foreach (var (role, token) in Roles(site, self))
            {
                cells++;
                var refusal = await site.Try(token, method, () => GrainMethods.Call(site.Cluster.Client.ServiceProvider, grain, target, method, arguments));
                if (refusal == GuardedSite.NotReached || (refusal is null) != IsDeclared(Declared(method)!, role))
                {
                    wrong.Add($"{Name(method)} as {role}: {refusal ?? "let through"}");
                }
            }
        }

        Assert.Empty(wrong);
        var roles = Enum.GetValues<Role>().Length;
        Assert.Equal(GrainMethods.OfProduct.Count * roles, cells);
        RequireDocumented($"{GrainMethods.OfProduct.Count} methods of ours × {roles} callers");
    }

    [Fact]
    public async Task Every_method_of_Orleans_is_for_the_site_but_for_what_a_client_needs_to_connect()
    {
        await using var site = await GuardedSite.Start();
        var methods = GrainMethods.OfOrleans(site.Silo).ToList();
        var wrong = new List<string>();
        var reached = new List<MethodInfo>();
        foreach (var (grain, method, target) in methods)
        {
            var outcomes = new List<(Role Role, string? Refusal)>();
            foreach (var (role, token) in Roles(site, "dev1"))
            {
                outcomes.Add((role, await site.Try(
                    token, method, () => GrainMethods.Call(site.Cluster.Client.ServiceProvider, grain, target, method, GrainMethods.Defaults(method)))));
            }

            wrong.AddRange(from outcome in outcomes where !IsRight(outcome, outcomes[^1], method) select $"{Name(method)} as {outcome.Role}: {outcome.Refusal ?? "let through"}");
            reached.AddRange(outcomes[^1] is (Role.Site, null) ? [method] : []);
        }

        Assert.Empty(wrong);
        Assert.True(reached.Count > MethodsOfOrleans, $"only {reached.Count} of {methods.Count} methods were reached");
        Assert.Superset(Mentioned, reached.Select(method => method.DeclaringType!.Name).ToHashSet(StringComparer.Ordinal));
        Assert.Superset(Needed, reached.Select(method => method.Name).ToHashSet(StringComparer.Ordinal));
        RequireDocumented($"more than {MethodsOfOrleans} methods of Orleans × {Enum.GetValues<Role>().Length} callers");
    }

    [Fact]
    public async Task A_client_that_says_it_is_somebody_else_is_not_believed()
    {
        await using var site = await GuardedSite.Start();
        var token = site.Tokens.Issue(Callers.Participant, "dev1").Token;
        var other = site.Cluster.Client.GetGrain<IParticipantGrain>(Other);
        RequestContext.Set(CallContext.Token, token);
        RequestContext.Set(CallContext.Behalf, "site 'site'");
        RequestContext.Set("role", "admin");

        var refused = await Assert.ThrowsAsync<CallRefusedException>(() => other.Register((Registration)GrainMethods.ArgumentsFor(typeof(IParticipantGrain).GetMethod("Register")!)[0]!));
        Assert.Equal(CallRefusal.NotAllowed, refused.Reason);
        Assert.Equal("participant 'dev1' may not call IParticipantGrain.Register.", refused.Message);
    }

    /// <summary>
    /// Whether a call came to what is declared. Where there is nothing to call, no caller finds anything; but what can be reached by the site must be
    /// decided for everybody, since a call that fails without a decision may have come past the guard.
    /// </summary>
    private static bool IsRight((Role Role, string? Refusal) outcome, (Role Role, string? Refusal) bySite, MethodInfo method) =>
        outcome.Refusal == GuardedSite.NotReached
            ? bySite.Refusal == GuardedSite.NotReached
            : (outcome.Refusal is null) == (outcome.Role == Role.Site || (outcome.Role != Role.Revoked && Needed.Contains(method.Name)));

    /// <summary>The figure that readers are told is the one that was tried.</summary>
    private static void RequireDocumented(string figure) => Assert.Contains(
        figure, File.ReadAllText(Path.Combine(WorkingTree.Root, "docs", "security.md")), StringComparison.Ordinal);

    private static IEnumerable<(Role Role, string? Token)> Roles(GuardedSite site, string self)
    {
        var revoked = Thumbprint.Parse(new('c', 64));
        site.Revoked[revoked] = true;
        yield return (Role.None, null);
        yield return (Role.Garbage, "garbage");
        yield return (Role.Forged, Sign(SigningKey.Create(), "site", DateTimeOffset.MaxValue));
        yield return (Role.Expired, Sign(Key(site), "site", new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)));
        yield return (Role.OtherSite, Sign(Key(site), "quay", new(2099, 1, 1, 0, 0, 0, TimeSpan.Zero)));
        yield return (Role.Revoked, site.Tokens.Issue(Callers.Site, "site", revoked).Token);
        yield return (Role.Self, site.Tokens.Issue(Callers.Participant, self).Token);
        yield return (Role.OtherParticipant, site.Tokens.Issue(Callers.Participant, Other).Token);
        yield return (Role.Operator, site.Tokens.Issue(Callers.Operator, "ada").Token);
        yield return (Role.Site, site.Tokens.Issue(Callers.Site, "site").Token);
    }

    private static string Sign(Microsoft.IdentityModel.Tokens.ECDsaSecurityKey key, string site, DateTimeOffset end) => AccessToken.Sign(
        new(Callers.Site, site, null, end > new DateTimeOffset(2099, 1, 1, 0, 0, 0, TimeSpan.Zero) ? new(2099, 1, 1, 0, 0, 0, TimeSpan.Zero) : end),
        SiteName.Parse(site), key);

    private static Microsoft.IdentityModel.Tokens.ECDsaSecurityKey Key(GuardedSite site) => site.Silo.GetRequiredService<SiteKeys>().Own;

    private static CallableByAttribute? Declared(MethodInfo method) =>
        method.GetCustomAttribute<CallableByAttribute>() ?? method.DeclaringType!.GetCustomAttribute<CallableByAttribute>();

    /// <summary>Written apart from the guard: what the declaration means.</summary>
    private static bool IsDeclared(CallableByAttribute declared, Role role) => role switch
    {
        Role.Self => declared.Callers.HasFlag(Callers.Participant),
        Role.OtherParticipant => declared.Callers.HasFlag(Callers.Participant) && declared.ActingFor == ActingFor.Anyone,
        Role.Operator => declared.Callers.HasFlag(Callers.Operator),
        Role.Site => declared.Callers.HasFlag(Callers.Site),
        _ => false,
    };

    private static string SelfOf(CallableByAttribute declared, string key, object?[] arguments) => declared.ActingFor switch
    {
        ActingFor.FirstArgument => arguments[0] is INamesParticipant message ? message.Participant.Value : ((ParticipantId)arguments[0]!).Value,
        _ => key == "dev1" ? key : "dev1",
    };

    private static string Name(MethodInfo method) => $"{method.DeclaringType!.Name}.{method.Name}";

    private enum Role
    {
        None,
        Garbage,
        Forged,
        Expired,
        OtherSite,
        Revoked,
        Self,
        OtherParticipant,
        Operator,
        Site,
    }
}
