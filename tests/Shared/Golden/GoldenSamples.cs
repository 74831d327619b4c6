using System.Collections.Immutable;
using System.Reflection;
using OrleansEdge.Contracts.Content;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Contracts.Rounds;
using OrleansEdge.Contracts.Security;

namespace OrleansEdge.Tests.Shared.Golden;

/// <summary>
/// Makes a value of any type on the wire in which nothing is empty and every number is another, so that a property that changes its place
/// is noticed. Only for new golden files: what is in one stays.
/// </summary>
internal sealed class GoldenSamples
{
    private readonly HashSet<Type> _open = [];
    private int _next;

    /// <summary>Makes a value.</summary>
    public object Make(Type type)
    {
        var number = ++_next;
        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return Make(underlying);
        }

        return Known(type, number) ?? (type.IsEnum ? LastOf(type) : type.IsArray || type.IsGenericType ? Collection(type) : Record(type));
    }

    private static object LastOf(Type type) => Enum.GetValues(type).Cast<object>().Last();

    private static object? Known(Type type, int number) => type switch
    {
        _ when type == typeof(string) => $"text {number}",
        _ when type == typeof(int) => number,
        _ when type == typeof(long) => (1L << 40) + number,
        _ when type == typeof(ulong) => (1UL << 63) + (ulong)number,
        _ when type == typeof(double) => number + 0.1,
        _ when type == typeof(bool) => true,
        _ when type == typeof(Guid) => new Guid(number, 2, 3, [4, 5, 6, 7, 8, 9, 10, 11]),
        _ when type == typeof(UInt128) => ((UInt128)number << 64) + 7,
        _ when type == typeof(TimeSpan) => TimeSpan.FromTicks(number * 1_234_567_891L),
        _ when type == typeof(DateTimeOffset) => new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero).AddTicks(number),
        _ when type == typeof(Uri) => new Uri($"https://host{number}:7400/"),
        _ when type == typeof(JobId) => JobId.Parse($"job-{number}"),
        _ when type == typeof(ParticipantId) => ParticipantId.Parse($"harbour/dev{number}"),
        _ when type == typeof(ModelName) => ModelName.Parse($"model-{number}"),
        _ when type == typeof(SiteName) => SiteName.Parse($"site-{number}"),
        _ when type == typeof(DataName) => DataName.Parse($"data-{number}"),
        _ when type == typeof(Thumbprint) => Thumbprint.Parse(ContentHash.Of([(byte)number]).Hex),
        _ when type == typeof(KeyFingerprint) => KeyFingerprint.Parse(ContentHash.Of([(byte)number]).Hex),
        _ when type == typeof(byte[]) => new byte[] { (byte)number, 1, 2, 255 },
        _ when type == typeof(ContentHash) => ContentHash.Of([(byte)number]),
        _ when type == typeof(Chunk) => new Chunk(new byte[] { (byte)number, 1, 2, 255 }),
        _ when type == typeof(Instruction) => new WaitInstruction { Id = new(new(JobId.Parse("job"), number), InstructionKind.Wait) },
        _ => null,
    };

    private object Collection(Type type)
    {
        var arguments = type.IsArray ? [type.GetElementType()!] : type.GetGenericArguments();
        var factory = GetType().GetMethod(arguments.Length == 2 ? nameof(Dictionary) : nameof(List), BindingFlags.NonPublic | BindingFlags.Instance)!;
        return factory.MakeGenericMethod(arguments).Invoke(this, [])!;
    }

    /// <summary>Empty inside a value of its own kind, which would otherwise have no end.</summary>
    private ImmutableArray<T> List<T>() => _open.Contains(typeof(T)) ? [] : [(T)Make(typeof(T)), (T)Make(typeof(T))];

    private ImmutableSortedDictionary<TKey, TValue> Dictionary<TKey, TValue>()
        where TKey : notnull => ImmutableSortedDictionary<TKey, TValue>.Empty.Add((TKey)Make(typeof(TKey)), (TValue)Make(typeof(TValue)));

    private object Record(Type type)
    {
        _open.Add(type);
        var constructor = type.GetConstructors(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance)
            .Where(candidate => !candidate.GetParameters().Any(parameter => parameter.ParameterType == type))
            .OrderByDescending(candidate => candidate.GetParameters().Length).FirstOrDefault();
        var parameters = constructor?.GetParameters() ?? [];
        var value = constructor?.Invoke([.. parameters.Select(parameter => Make(parameter.ParameterType))]) ?? Activator.CreateInstance(type)!;
        var given = parameters.Select(parameter => parameter.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var property in GoldenValues.PropertiesOf(type).Where(property => property.CanWrite && !given.Contains(property.Name)))
        {
            property.SetValue(value, Make(property.PropertyType));
        }

        _open.Remove(type);
        return value;
    }
}
