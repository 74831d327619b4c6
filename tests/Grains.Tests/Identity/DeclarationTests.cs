using System.Reflection;
using Orleans.Runtime;
using OrleansEdge.Contracts.Identity;
using OrleansEdge.Contracts.Participants;
using OrleansEdge.Grains.Jobs;

namespace OrleansEdge.Grains.Tests.Identity;

/// <summary>Each method of a grain interface says who may call it: one that does not would be nobody's, and the fault would show late.</summary>
public sealed class DeclarationTests
{
    public static TheoryData<string> Methods =>
        [.. All().Select(method => $"{method.DeclaringType!.Name}.{method.Name}").Distinct().Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Methods))]
    public void Method_says_who_may_call_it(string name)
    {
        var methods = All().Where(method => $"{method.DeclaringType!.Name}.{method.Name}" == name).ToList();

        Assert.All(methods, method => Assert.NotEqual(Callers.None, Declared(method)?.Callers ?? Callers.None));
    }

    [Fact]
    public void What_only_the_site_does_is_open_to_nobody_else() => Assert.All(
        All().Where(method => method.DeclaringType!.Assembly == typeof(IJobControl).Assembly),
        method => Assert.Equal(Callers.Site, Declared(method)!.Callers));

    [Fact]
    public void A_participant_speaks_for_itself_wherever_a_participant_is_named() => Assert.All(
        All().Where(method => method.GetParameters().Any(parameter => parameter.ParameterType.IsAssignableTo(typeof(INamesParticipant)))
            && (Declared(method)!.Callers & Callers.Participant) != 0),
        method => Assert.Equal(ActingFor.FirstArgument, Declared(method)!.ActingFor));

    private static IEnumerable<MethodInfo> All() =>
        from assembly in new[] { typeof(IParticipantGrain).Assembly, typeof(IJobControl).Assembly }
        from type in assembly.GetTypes()
        where type.IsInterface && type.IsAssignableTo(typeof(IAddressable))
        from method in type.GetMethods()
        where !method.IsStatic
        select method;

    private static CallableByAttribute? Declared(MethodInfo method) =>
        method.GetCustomAttribute<CallableByAttribute>() ?? method.DeclaringType!.GetCustomAttribute<CallableByAttribute>();
}
