using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace OrleansEdge.Tests.Shared.Golden;

/// <summary>A use of JSON.</summary>
/// <param name="User">Which method writes or reads it, as <c>EnrolmentRecords.Change</c>.</param>
/// <param name="Type">What; of a list, its elements.</param>
internal sealed record JsonUse(string User, Type Type);

/// <summary>
/// Finds, in compiled code, what a program writes and reads as JSON: so a type is noticed that nobody has thought of. A generic method that passes
/// its own type on counts wherever it is called.
/// </summary>
/// <param name="assemblies">The program.</param>
/// <param name="methods">Which methods write and read, by their declaring type and the beginning of their name.</param>
internal sealed partial class JsonUses(Assembly[] assemblies, params (Type Type, string Name)[] methods)
{
    /// <summary>What is written to be read later, and read.</summary>
    public JsonUses(params Assembly[] assemblies)
        : this(assemblies, (typeof(JsonSerializer), nameof(JsonSerializer.Serialize)), (typeof(JsonSerializer), nameof(JsonSerializer.Deserialize)))
    {
    }

    /// <summary>Makes sure that there is a golden file of everything.</summary>
    /// <param name="golden">Of which types there are files; each must be found, or the search is not what it was.</param>
    /// <param name="list">Where those are named.</param>
    /// <param name="passing">Methods that write and read nothing that outlives a release, as <see cref="JsonUse.User"/> names them.</param>
    public void RequireGoldenFiles(IReadOnlyCollection<Type> golden, string list, params string[] passing)
    {
        var found = Find(passing);
        string[] faults =
        [
            .. found.Where(use => !golden.Contains(use.Type))
                .Select(use => $"{use.User} writes or reads {use.Type}, of which there is no golden file: name it in {list}, and run these tests with {GoldenFile.WriteVariable}=1."),
            .. golden.Except(found.Select(use => use.Type)).Select(type => $"Nobody writes or reads {type} any more, which {list} names."),
        ];
        Assert.True(faults.Length == 0, string.Join('\n', faults));
    }

    private IReadOnlyList<JsonUse> Find(string[] passing)
    {
        Call[] calls = [.. assemblies.SelectMany(assembly => assembly.GetTypes()).SelectMany(MethodsOf).SelectMany(CallsOf).Where(call => !passing.Contains(call.Caller))];
        var found = new HashSet<JsonUse>();
        var known = new HashSet<string>(StringComparer.Ordinal);
        for (var open = new Queue<Call>(calls.Where(call => IsUse(call.Callee))); open.TryDequeue(out var call);)
        {
            foreach (var type in TypesOf(call.Callee).Select(ElementOf))
            {
                if (!type.ContainsGenericParameters)
                {
                    found.Add(new(call.Caller, type));
                }
                else if (known.Add(call.Caller))
                {
                    calls.Where(other => NameOf(other.Callee) == call.Caller).ToList().ForEach(open.Enqueue);
                }
            }
        }

        return [.. found.OrderBy(use => use.User, StringComparer.Ordinal)];
    }

    private static IEnumerable<MethodBase> MethodsOf(Type type)
    {
        const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        return [.. type.GetMethods(All), .. type.GetConstructors(All)];
    }

    private static IEnumerable<Call> CallsOf(MethodBase method)
    {
        var typeArguments = method.DeclaringType!.GetGenericArguments();
        var methodArguments = method.IsGenericMethod ? method.GetGenericArguments() : [];
        return Instructions.TokensOfMethods(method.GetMethodBody()?.GetILAsByteArray() ?? [])
            .Select(token => method.Module.ResolveMethod(token, typeArguments, methodArguments)!)
            .Select(callee => new Call(NameOf(method), callee));
    }

    /// <summary>The method of the source: what the compiler makes of it for asynchronous methods and lambdas has its name in angle brackets.</summary>
    private static string NameOf(MethodBase method)
    {
        var (name, type) = (method.Name, method.DeclaringType);
        while (type?.DeclaringType is { } outer && type.Name.StartsWith('<'))
        {
            name = SourceName().IsMatch(name) ? name : type.Name;
            type = outer;
        }

        return $"{type?.Name}.{(SourceName().Match(name) is { Success: true } source ? source.Groups[1].Value : name)}";
    }

    /// <summary>What a call is about; all that is known of one without a type of its own is that it takes an object.</summary>
    private static Type[] TypesOf(MethodBase callee) => callee.IsGenericMethod ? callee.GetGenericArguments() : [typeof(object)];

    private static Type ElementOf(Type type) =>
        type.IsGenericType && type.GetGenericArguments() is [var element] && type.IsAssignableTo(typeof(System.Collections.IEnumerable)) ? element : type;

    /// <summary>What a converter writes and reads is a part of something else.</summary>
    private bool IsUse(MethodBase callee) =>
        methods.Any(method => method.Type == callee.DeclaringType && callee.Name.StartsWith(method.Name, StringComparison.Ordinal))
        && callee.GetParameters().All(parameter => parameter.ParameterType != typeof(Utf8JsonWriter) && parameter.ParameterType != typeof(Utf8JsonReader).MakeByRefType());

    [GeneratedRegex("<([^<>]+)>")]
    private static partial Regex SourceName();

    private sealed record Call(string Caller, MethodBase Callee);
}
