using System.Reflection;
using OrleansEdge.Contracts.Identity;

namespace OrleansEdge.Grains.Identity;

/// <summary>
/// Orleans' own calls. They are the silos' among themselves, all but three that every client makes on its own, without a participant in whose
/// name it could: it asks which grains there are when it connects, and it says that it no longer waits for an answer.
/// </summary>
internal static class OrleansCalls
{
    private const string Manifest = "Orleans.Runtime.IClusterManifestSystemTarget";
    private const string Cancellation = "Orleans.Runtime.IGrainCallCancellationExtension";

    /// <summary>What a client needs; the names are Orleans', whose interfaces are internal.</summary>
    public static IReadOnlyDictionary<(string Interface, string Method), AnonymousCall> Needed { get; } = new Dictionary<(string, string), AnonymousCall>
    {
        [(Manifest, "GetClusterManifest")] = AnonymousCall.Any,
        [(Manifest, "GetClusterManifestUpdate")] = AnonymousCall.Any,
        [(Cancellation, "CancelRequestAsync")] = AnonymousCall.OfSender,
    };

    /// <summary>Whether an interface is Orleans' own.</summary>
    public static bool AreOf(Type type) => type.Assembly.GetName().Name is { } name
        && (name == "Orleans" || name.StartsWith("Orleans.", StringComparison.Ordinal));

    /// <summary>The rule of a method.</summary>
    public static CallRule RuleOf(MethodInfo method) =>
        new(Callers.Site, Anonymous: Needed.GetValueOrDefault((method.DeclaringType!.FullName!, method.Name), AnonymousCall.None));
}
