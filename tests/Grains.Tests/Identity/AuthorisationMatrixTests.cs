using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Identity;
using OrleansEdge.Contracts.Participants;
using OrleansEdge.Grains.Identity;

namespace OrleansEdge.Grains.Tests.Identity;

/// <summary>Every method as every caller, through a real gateway, against what is declared.</summary>
public sealed class AuthorisationMatrixTests
{
    private const string Other = "dev2";

    /// <summary>Fewer would mean that they are not found any more.</summary>
    private const int MethodsOfOrleans = 60;

    private static readonly string[] Needed = ["GetClusterManifest", "GetClusterManifestUpdate"];

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
                if ((refusal is null) != IsDeclared(Declared(method)!, role))
                {
                    wrong.Add($"{Name(method)} as {role}: {refusal ?? "let through"}");
                }
            }
        }

        Assert.Empty(wrong);
        TestContext.Current.SendDiagnosticMessage($"{GrainMethods.OfProduct.Count} methods, {cells} cells");
    }

    [Fact]
    public async Task Every_method_of_Orleans_is_for_the_site_but_for_what_a_client_needs_to_connect()
    {
        await using var site = await GuardedSite.Start();
        var methods = GrainMethods.OfOrleans(site.Silo).ToList();
        var interfaces = methods.Select(entry => entry.Grain.Name).ToHashSet(StringComparer.Ordinal);
        Assert.Superset(
            new HashSet<string>(["IManagementGrain", "ISiloControl", "IMembershipService", "IGrainManagementExtension", "IClusterManifestSystemTarget", "IGrainCallCancellationExtension"]),
            interfaces);
        var wrong = new List<string>();
        var reached = 0;
        foreach (var (grain, method, target) in methods)
        {
            foreach (var (role, token) in Roles(site, "dev1"))
            {
                var refusal = await site.Try(
                    token, method, () => GrainMethods.Call(site.Cluster.Client.ServiceProvider, grain, target, method, GrainMethods.Defaults(method)));
                var isNeeded = role != Role.Revoked && Needed.Contains(method.Name);
                reached += role == Role.Site && refusal is null ? 1 : 0;
                if ((refusal is null) != (role == Role.Site || isNeeded) && refusal != GuardedSite.NotReached)
                {
                    wrong.Add($"{Name(method)} as {role}: {refusal ?? "let through"}");
                }
            }
        }

        Assert.Empty(wrong);
        Assert.True(reached >= MethodsOfOrleans, $"only {reached} of {methods.Count} methods were reached");
        TestContext.Current.SendDiagnosticMessage($"{methods.Count} methods of {interfaces.Count} interfaces, {reached} reached");
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

    private static IEnumerable<(Role Role, string? Token)> Roles(GuardedSite site, string self)
    {
        var revoked = new string('c', 64);
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
        SiteName.Parse(site), key, new(2025, 12, 31, 0, 0, 0, TimeSpan.Zero));

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
