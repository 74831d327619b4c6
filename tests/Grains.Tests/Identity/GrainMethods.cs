using System.Collections;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Metadata;
using OrleansEdge.Contracts.Content;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Contracts.Participants;
using OrleansEdge.Contracts.Rounds;
using OrleansEdge.Contracts.Sites;
using OrleansEdge.Grains.Jobs;
using OrleansEdge.Grains.Models;
using OrleansEdge.Grains.Participants;
using OrleansEdge.Grains.Rounds;
using OrleansEdge.Grains.Surveys;
using OrleansEdge.Grains.Tests.Golden;
using OrleansEdge.Tests.Shared.Golden;

namespace OrleansEdge.Grains.Tests.Identity;

/// <summary>Finds every method that can be called on a silo, ours and Orleans', and something on which to call it.</summary>
internal static class GrainMethods
{
    private static readonly Assembly[] Ours = [typeof(IRoundGrain).Assembly, typeof(IRoundControl).Assembly];

    /// <summary>The methods of this product's grains.</summary>
    public static IReadOnlyList<MethodInfo> OfProduct { get; } = [.. Ours.SelectMany(Interfaces).SelectMany(MethodsOf)];

    /// <summary>The key of a grain on which a method of ours is called.</summary>
    public static string KeyFor(Type grain) => grain switch
    {
        _ when grain == typeof(IRoundGrain) || grain == typeof(IRoundControl) => "job:1",
        _ when grain == typeof(IShardGrain) || grain == typeof(IShardControl) => "job:1:0",
        _ when grain == typeof(ISurveyGrain) || grain == typeof(ISurveyControl) => "job:1:describe",
        _ when grain == typeof(IContentGrain) => ContentHash.Of([]).Hex,
        _ when grain == typeof(IEntryGrain) => "1",
        _ when grain == typeof(IParticipantGrain) || grain == typeof(IParticipantInbox) => "dev1",
        _ when grain == typeof(IModelGrain) || grain == typeof(IModelControl) || grain == typeof(IJobControl) => "job",
        _ => "key",
    };

    /// <summary>Arguments for a method of ours.</summary>
    public static object?[] ArgumentsFor(MethodInfo method)
    {
        var samples = new GoldenSamples();
        return [.. method.GetParameters().Select(parameter => parameter.ParameterType == typeof(CancellationToken)
            ? CancellationToken.None
            : samples.Make(parameter.ParameterType))];
    }

    /// <summary>The methods of Orleans' own grains, extensions and system targets that a silo has, each with where it is.</summary>
    public static IEnumerable<(Type Grain, MethodInfo Method, GrainId Target)> OfOrleans(IServiceProvider silo)
    {
        var systemTargets = SystemTargets(silo);
        var someGrain = GrainId.Create("participant", "dev1");
        foreach (var type in AppDomain.CurrentDomain.GetAssemblies()
            .Where(assembly => assembly.GetName().Name!.StartsWith("Orleans.", StringComparison.Ordinal)).SelectMany(Interfaces))
        {
            GrainId? target = typeof(IGrainExtension).IsAssignableFrom(type)
                ? someGrain
                : systemTargets.FirstOrDefault(entry => type.IsInstanceOfType(entry.Instance)).Id is { IsDefault: false } id
                    ? id
                    : GrainOf(silo, type);
            if (target is { } found)
            {
                foreach (var method in MethodsOf(type))
                {
                    yield return (type, method, found);
                }
            }
        }
    }

    /// <summary>Calls a method by reflection, as the generated code of a client does it.</summary>
    public static Task Call(IServiceProvider client, Type grain, GrainId target, MethodInfo method, object?[] arguments)
    {
        var reference = client.GetRequiredService<IGrainFactory>().GetGrain(target, client.GetRequiredService<GrainInterfaceTypeResolver>().GetGrainInterfaceType(grain));
        var callable = method.IsGenericMethodDefinition ? method.MakeGenericMethod([.. method.GetGenericArguments().Select(_ => typeof(int))]) : method;
        return callable.Invoke(reference, arguments) switch
        {
            Task task => task,
            ValueTask task => task.AsTask(),
            null => Task.CompletedTask,
            var task => (Task)task.GetType().GetMethod(nameof(ValueTask<int>.AsTask))!.Invoke(task, [])!,
        };
    }

    /// <summary>Nothing in particular, of the right types.</summary>
    public static object?[] Defaults(MethodInfo method) =>
        [.. method.GetParameters().Select(parameter => parameter.ParameterType.IsValueType ? Activator.CreateInstance(parameter.ParameterType) : null)];

    private static IEnumerable<Type> Interfaces(Assembly assembly) => assembly.GetTypes()
        .Where(type => type.IsInterface && !type.IsGenericTypeDefinition && typeof(IAddressable).IsAssignableFrom(type));

    private static IEnumerable<MethodInfo> MethodsOf(Type type) => type.GetInterfaces().Append(type)
        .SelectMany(part => part.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance))
        .Where(method => method is { IsAbstract: true, IsSpecialName: false });

    private static GrainId? GrainOf(IServiceProvider silo, Type type)
    {
        try
        {
            return silo.GetRequiredService<IGrainFactory>() is var grains && typeof(IGrainWithIntegerKey).IsAssignableFrom(type)
                ? grains.GetGrain(type, 0).GetGrainId()
                : typeof(IGrainWithStringKey).IsAssignableFrom(type) ? grains.GetGrain(type, "key").GetGrainId() : null;
        }
        catch (ArgumentException)
        {
            // No class of this silo implements it.
            return null;
        }
    }

    private static List<(GrainId Id, object? Instance)> SystemTargets(IServiceProvider silo)
    {
        var directory = (IEnumerable)silo.GetRequiredService(typeof(IManagementGrain).Assembly.GetType("Orleans.Runtime.ActivationDirectory")
            ?? AppDomain.CurrentDomain.GetAssemblies().Select(assembly => assembly.GetType("Orleans.Runtime.ActivationDirectory")).First(type => type is not null)!);
        return
        [
            .. directory.Cast<KeyValuePair<GrainId, IGrainContext>>()
                .Where(entry => entry.Key.IsSystemTarget())
                .Select(entry => (entry.Key, (object?)entry.Value)),
        ];
    }
}
