using System.Reflection;
using OrleansEdge.Contracts.Identity;

namespace OrleansEdge.Grains.Identity;

/// <summary>
/// Orleans' own calls. They are the silos' among themselves, all but three that every client makes on its own, without a participant in whose
/// name it could: it asks which grains there are when it connects, and it says that it no longer waits for an answer. Timers of grains come as
/// calls, too, and do not leave their silo.
/// </summary>
internal static class OrleansCalls
{
    private const string Manifest = "Orleans.Runtime.IClusterManifestSystemTarget";
    private const string Timer = "Orleans.Runtime.IGrainTimerInvoker";
    private const string Cancellation = "Orleans.Runtime.IGrainCallCancellationExtension";

    /// <summary>What needs no token; the names are Orleans', whose interfaces are internal.</summary>
    public static IReadOnlyDictionary<(string Interface, string Method), AnonymousCall> Needed { get; } = new Dictionary<(string, string), AnonymousCall>
    {
        [(Manifest, "GetClusterManifest")] = AnonymousCall.Any,
        [(Manifest, "GetClusterManifestUpdate")] = AnonymousCall.Any,
        [(Cancellation, "CancelRequestAsync")] = AnonymousCall.OfSender,
        [(Timer, "InvokeCallbackAsync")] = AnonymousCall.Tick,
    };

    /// <summary>Whether an interface is Orleans' own.</summary>
    public static bool AreOf(Type type) => type.Assembly.GetName().Name is { } name
        && (name == "Orleans" || name.StartsWith("Orleans.", StringComparison.Ordinal));

    /// <summary>The rule of a method.</summary>
    public static CallRule RuleOf(MethodInfo method) =>
        new(Callers.Site, Anonymous: Needed.GetValueOrDefault((method.DeclaringType!.FullName!, method.Name), AnonymousCall.None));
}
