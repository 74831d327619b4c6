using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace OrleansEdge.Deployment.Tests;

/// <summary>What <c>infra/compose/compose.yaml</c> says, with its merges done.</summary>
internal static class ComposeFile
{
    public const string Folder = "infra/compose";

    private static readonly Lazy<Dictionary<object, object?>> Read = new(() =>
    {
        using var text = new StringReader(Repository.Read($"{Folder}/compose.yaml"));
        return new DeserializerBuilder().Build().Deserialize<Dictionary<object, object?>>(new MergingParser(new Parser(text)));
    });

    /// <summary>All services.</summary>
    public static IReadOnlyList<ComposeService> Services => [.. Section("services").Select(pair => new ComposeService(pair.Key, (Dictionary<object, object?>)pair.Value!))];

    /// <summary>A top-level mapping: <c>volumes</c>, <c>networks</c>, <c>secrets</c>.</summary>
    public static Dictionary<string, object?> Section(string name) => ComposeService.Map(Read.Value[name]);
}

/// <summary>One service.</summary>
/// <param name="Name">Its name, which is its host name, too.</param>
/// <param name="Values">What is said of it.</param>
internal sealed record ComposeService(string Name, Dictionary<object, object?> Values)
{
    public string Image => (string)Values["image"]!;

    public bool IsSilo => Image == "orleansedge/silo";

    public bool IsAgent => Image == "orleansedge/agent";

    public IReadOnlyList<string> Command => List("command");

    public IReadOnlyList<string> Secrets => List("secrets");

    public Dictionary<string, string> Environment => Map(Values.GetValueOrDefault("environment")).ToDictionary(pair => pair.Key, pair => (string)pair.Value!);

    /// <summary>Volumes by the path at which they are mounted; without a name, one that nobody keeps.</summary>
    public Dictionary<string, string?> Volumes => List("volumes").Select(text => text.Split(':')).ToDictionary(parts => parts.Length == 1 ? parts[0] : parts[1], parts => parts.Length == 1 ? null : parts[0]);

    /// <summary>The networks, with this service's address where it is fixed.</summary>
    public Dictionary<string, string?> Networks => Values["networks"] is IEnumerable<object> names && Values["networks"] is not Dictionary<object, object?>
        ? names.ToDictionary(name => (string)name, _ => (string?)null)
        : Map(Values["networks"]).ToDictionary(pair => pair.Key, pair => Map(pair.Value).GetValueOrDefault("ipv4_address") as string);

    /// <summary>Under which names others on a network find it.</summary>
    public IEnumerable<string> NamesOn(string network) =>
        Networks.ContainsKey(network) ? [Name, .. Aliases(network)] : [];

    /// <summary>The ports that are published, as the service knows them.</summary>
    public IEnumerable<int> PublishedPorts => List("ports").Select(text => int.Parse(text.Split(':')[^1], CultureInfo.InvariantCulture));

    public static Dictionary<string, object?> Map(object? value) =>
        value is Dictionary<object, object?> map ? map.ToDictionary(pair => (string)pair.Key, pair => pair.Value) : [];

    public IReadOnlyList<string> List(string key) => Values.GetValueOrDefault(key) is IEnumerable<object> items ? [.. items.Cast<string>()] : [];

    private IEnumerable<string> Aliases(string network) => Values["networks"] is Dictionary<object, object?> networks
        && Map(networks[network]).GetValueOrDefault("aliases") is IEnumerable<object> aliases ? aliases.Cast<string>() : [];
}
