using System.Collections;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using OrleansEdge.Contracts.Content;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Grains.Jobs;
using OrleansEdge.Silo.Hosting.Limits;

namespace OrleansEdge.Fuzz.Tests.Targets;

/// <summary>What comes in a message, read as Orleans reads it.</summary>
internal static class WireTargets
{
    private static readonly Serializer Serializer = Create();

    private static readonly Dictionary<Type, Func<string, bool>> Grammars = new()
    {
        [typeof(JobId)] = text => IdentifierGrammar.IsSegment(text),
        [typeof(ModelName)] = text => IdentifierGrammar.IsSegment(text),
        [typeof(DataName)] = text => IdentifierGrammar.IsSegment(text),
        [typeof(SiteName)] = text => IdentifierGrammar.IsSegment(text),
        [typeof(ParticipantId)] = IdentifierGrammar.IsPath,
        [typeof(ContentHash)] = text => text.Length == 64 && text.All(char.IsAsciiHexDigitLower),
    };

    public static IEnumerable<FuzzTarget> All =>
    [
        new("chunk", typeof(ChunkCodec), ReadChunk, IsSurvivable, [Serializer.SerializeToArray(new Chunk(new byte[] { 1, 2, 3 })), Serializer.SerializeToArray(new Chunk(new byte[5000]))])
        {
            FixedAllocation = Chunk.MaximumLength + (256 << 10),
        },
        new("wire message", typeof(Serializer), ReadMessage, IsSurvivable, Repository.WireMessages)
        {
            FixedAllocation = Chunk.MaximumLength + (512 << 10),
            AllocationPerByte = 256,
        },
    ];

    /// <summary>As a gateway does: what nests too deep does not come to Orleans, which would not survive it.</summary>
    private static void ReadMessage(ReadOnlyMemory<byte> input)
    {
        RequireShallow(input);
        RequireGrammar(Serializer.Deserialize<object>(input), 0);
    }

    private static void RequireShallow(ReadOnlyMemory<byte> input)
    {
        var isShallow = WireFields.IsShallow(new(input));
        PropertyException.Require(WireFields.IsShallow(Parted.In(input, input.Length / 2)) == isShallow, "a message in two parts is looked at as another");
        if (!isShallow)
        {
            throw new InvalidDataException("The message is not whole, or too deep.");
        }
    }

    private static void ReadChunk(ReadOnlyMemory<byte> input)
    {
        RequireShallow(input);
        var chunk = Serializer.Deserialize<Chunk>(input);
        PropertyException.Require(chunk.Length <= Math.Min(Chunk.MaximumLength, input.Length), "a chunk is longer than the bytes that it came in");
        chunk.Release();
    }

    /// <summary>
    /// Orleans declares nothing: it catches whatever the reading of a message throws, and answers with it. What must not come is what it cannot
    /// catch, or what speaks of memory.
    /// </summary>
    private static bool IsSurvivable(Exception exception) =>
        exception is not (OutOfMemoryException or InsufficientExecutionStackException or InvalidProgramException or AccessViolationException);

    /// <summary>Identifiers become names of files: none that is outside its grammar may get past the reading.</summary>
    private static void RequireGrammar(object? value, int depth)
    {
        if (value is null or string || depth > 6 || value.GetType() is not { IsPrimitive: false, IsEnum: false } type)
        {
            return;
        }

        if (Grammars.TryGetValue(type, out var isAllowed))
        {
            // A default one is no identifier, and names nothing.
            var text = (string?)type.GetProperties().Single(property => property.PropertyType == typeof(string)).GetValue(value);
            PropertyException.Require(text is null || isAllowed(text), $"'{text}' comes off the wire as a {type.Name}");
        }
        else if (value is IEnumerable items && type.Namespace == "System.Collections.Immutable")
        {
            RequireGrammarOfItems(items, depth);
        }
        else if (type.Namespace?.StartsWith(nameof(OrleansEdge), StringComparison.Ordinal) == true)
        {
            foreach (var property in type.GetProperties().Where(property => property.GetCustomAttribute<IdAttribute>() is not null))
            {
                RequireGrammar(property.GetValue(value), depth + 1);
            }
        }
    }

    private static void RequireGrammarOfItems(IEnumerable items, int depth)
    {
        if (items.GetType().GetProperty("IsDefault")?.GetValue(items) is true)
        {
            return;
        }

        foreach (var item in items)
        {
            RequireGrammar(item, depth + 1);
        }
    }

    private static Serializer Create()
    {
        // Loaded, so that the types of the silos' own messages are known too.
        _ = typeof(JobState).Assembly;
        return new ServiceCollection().AddSerializer().BuildServiceProvider().GetRequiredService<Serializer>();
    }
}
