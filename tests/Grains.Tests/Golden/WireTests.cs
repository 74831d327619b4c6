using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using OrleansEdge.Contracts.Content;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Rounds;
using OrleansEdge.Grains.Jobs;
using OrleansEdge.Tests.Shared.Golden;

namespace OrleansEdge.Grains.Tests.Golden;

/// <summary>What agents and silos of an earlier release send is understood as it was meant.</summary>
public sealed class WireTests
{
    private const string Folder = "wire";
    private const string ChunkName = "Chunk";

    private static readonly Serializer Serializer = new ServiceCollection().AddSerializer().BuildServiceProvider().GetRequiredService<Serializer>();

    private static readonly IReadOnlyDictionary<string, Type> Types = new[] { typeof(Instruction).Assembly, typeof(JobState).Assembly }
        .SelectMany(assembly => assembly.GetTypes())
        .Where(type => !type.IsAbstract && type.GetCustomAttribute<GenerateSerializerAttribute>() is not null)
        .Append(typeof(Chunk))
        .Concat([typeof(JobId), typeof(ParticipantId), typeof(ModelName), typeof(SiteName), typeof(DataName), typeof(ContentHash)])
        .ToDictionary(NameOf);

    public static TheoryData<string> Names => [.. Types.Keys.Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Message_of_an_earlier_release_means_what_it_meant(string name)
    {
        var golden = GoldenFile.Read($"{Folder}/{name}", () => Make(Types[name]));

        // Read as the object that a message holds, whose type its bytes name.
        var value = Serializer.Deserialize<object>(Convert.FromBase64String(golden.Written.GetValue<string>()));

        Assert.Equal(Types[name], value?.GetType());
        Assert.Empty(GoldenValues.Differences(golden.Values, GoldenValues.Of(value)));
    }

    [Fact]
    public void Type_of_an_earlier_release_is_still_there() => Assert.Empty(GoldenFile.Names(Folder).Except(Types.Keys, StringComparer.Ordinal));

    private static GoldenFile Make(Type type)
    {
        var sample = new GoldenSamples().Make(type);
        return new(Convert.ToBase64String(Serializer.SerializeToArray<object>(sample)), GoldenValues.Of(sample));
    }

    private static string NameOf(Type type) => type == typeof(Chunk)
        ? ChunkName
        : type.GetCustomAttribute<AliasAttribute>(inherit: false)?.Alias ?? throw new InvalidOperationException($"{type} is on the wire without an alias.");
}
